namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>Gives the names of an expression their meaning, checks its units, and makes it computable.</summary>
/// <remarks>
/// Conversions go where they cost nothing: a constant is converted once to the unit of what it is compared with, so that
/// a reading's value is compared as it was stored.
/// </remarks>
internal sealed partial class Binder
{
    private readonly IScope _scope;
    private readonly BoundParts _parts;
    private readonly bool _isInGroup;

    private Binder(IScope scope, BoundParts parts, bool isInGroup) => (_scope, _parts, _isInGroup) = (scope, parts, isInGroup);

    private ExpressionProblem? Problem { get; set; }

    /// <summary>Makes a condition computable.</summary>
    /// <param name="syntax">The condition.</param>
    /// <param name="scope">What its names mean.</param>
    /// <param name="parts">Takes what explains it and what changes it.</param>
    /// <param name="problem">What does not fit together.</param>
    /// <returns>Null when there is a problem.</returns>
    public static TruthNode? Bind(Syntax syntax, IScope scope, BoundParts parts, out ExpressionProblem? problem) =>
        Bind(syntax, scope, parts, isInGroup: false, out problem);

    private static TruthNode? Bind(Syntax syntax, IScope scope, BoundParts parts, bool isInGroup, out ExpressionProblem? problem)
    {
        var binder = new Binder(scope, parts, isInGroup);
        var node = binder.Condition(syntax);
        problem = binder.Problem;
        return problem is null ? node : null;
    }

    private TruthNode? Condition(Syntax syntax) => syntax switch
    {
        BinarySyntax { Operator: Operator.And } it when Both(it) is var (a, b) => new AndNode(a, b),
        BinarySyntax { Operator: Operator.Or } it when Both(it) is var (a, b) => new OrNode(a, b),
        UnarySyntax { Operator: Operator.Not } it when Condition(it.Operand) is { } inner => new NotNode(inner),
        BinarySyntax it when it.Operator.Compares() => IsText(it.Left) || IsText(it.Right) ? SameText(it) : Comparison(it),
        InSyntax it => OneOfTexts(it),
        ReachSyntax it => Reach(it),
        CallSyntax it when it.IsCondition => Absent(it),
        GroupSyntax it when it.IsCondition => GroupCondition(it),
        _ => Problem is null ? Refuse<TruthNode>(syntax, "Here stands a number where a condition belongs",
            "compare it with something, such as value > 80") : null,
    };

    private (TruthNode, TruthNode)? Both(BinarySyntax syntax) =>
        Condition(syntax.Left) is { } left && Condition(syntax.Right) is { } right ? (left, right) : null;

    private ComparisonNode? Comparison(BinarySyntax syntax)
    {
        if (Number(syntax.Left) is not { } left || Number(syntax.Right) is not { } right
            || !Align(syntax, ref left, ref right, "compared"))
        {
            return null;
        }

        return left.Node is ConstantNode && right.Node is not ConstantNode
            ? new ComparisonNode(syntax.Operator.Mirrored(), right.Node, left.Node)
            : new ComparisonNode(syntax.Operator, left.Node, right.Node);
    }

    private Named? Number(Syntax syntax) => syntax switch
    {
        NumberSyntax it => Literal(it),
        NameSyntax it => Name(it),
        MetricSyntax it => Metric(it),
        CallSyntax it when !it.IsCondition => Call(it),
        GroupSyntax it when !it.IsCondition => GroupNumber(it),
        UnarySyntax { Operator: Operator.Subtract } it => Negative(it),
        BinarySyntax { Operator: Operator.Add or Operator.Subtract } it => Sum(it),
        BinarySyntax { Operator: Operator.Multiply or Operator.Divide } it => Product(it),
        BinarySyntax { Operator: Operator.PartOf } it => PartOf(it),
        TextSyntax it => Refuse<Named>(it, "Here stands a text where a number belongs",
            "compare texts with labels, such as label.site == \"hamburg\""),
        DurationSyntax or WindowSyntax => Refuse<Named>(syntax, "Here stands a length of time where a number belongs",
            "write it with a blank for a number with a unit: 5 min"),
        _ => Refuse<Named>(syntax, "Here stands a condition where a number belongs", "join conditions with and, or, not"),
    };

    private static bool IsText(Syntax syntax) => syntax is TextSyntax or NameSyntax { Label: not null };

    private DecidedNode? SameText(BinarySyntax syntax)
    {
        if (syntax.Operator is not (Operator.Equal or Operator.NotEqual))
        {
            return Refuse<DecidedNode>(syntax, "Texts are equal or not; none is larger", "use == or !=");
        }

        return TryText(syntax.Left, out var left) && TryText(syntax.Right, out var right)
            ? Decided((left is not null && left == right) == (syntax.Operator == Operator.Equal))
            : null;
    }

    private DecidedNode? OneOfTexts(InSyntax syntax)
    {
        if (!TryText(syntax.Left, out var left))
        {
            return null;
        }

        var isIn = false;
        foreach (var item in syntax.Texts)
        {
            if (!TryText(item, out var text))
            {
                return null;
            }

            isIn |= left is not null && left == text;
        }

        return Decided(isIn);
    }

    private static DecidedNode Decided(bool holds) => new(holds ? Truth.True : Truth.False);

    // A label that is not set equals no text, another that is not set neither.
    private bool TryText(Syntax syntax, out string? text)
    {
        text = null;
        switch (syntax)
        {
            case TextSyntax it:
                text = it.Text;
                return true;
            case NameSyntax { Label: { } label } it:
                text = _scope.Label(label);
                _parts.Add(new LabelInput(it.Name, text));
                return true;
            default:
                Refuse<Named>(syntax, "Here stands no text",
                    "compare labels with texts in quotes, such as label.site == \"hamburg\"");
                return false;
        }
    }

    /// <summary>Brings two numbers to the same unit, or says why that cannot be.</summary>
    private bool Align(BinarySyntax syntax, ref Named left, ref Named right, string verb, bool keepLeft = false)
    {
        var (a, b) = (left.Measure, right.Measure);
        if (!a.HasScale || !b.HasScale)
        {
            return true;
        }

        var sameKind = a.Kind == b.Kind || a.Kind == MeasureKind.PointOrDifference || b.Kind == MeasureKind.PointOrDifference;
        if (a.Scale.Dimension != b.Scale.Dimension || !sameKind)
        {
            Refuse<Named>(syntax.Right, $"{Capital(a.Describe())} and {b.Describe()} cannot be {verb}",
                "use units of the same kind on both sides");
            return false;
        }

        var differences = a.Kind == MeasureKind.Difference || b.Kind == MeasureKind.Difference;
        var (from, to) = differences ? (b.Scale.WithoutOffset, a.Scale.WithoutOffset) : (b.Scale, a.Scale);
        if (left.Node is ConstantNode && right.Node is not ConstantNode && !keepLeft)
        {
            left = left with { Node = Converted(left.Node, to, from), Measure = b };
        }
        else
        {
            right = right with { Node = Converted(right.Node, from, to) };
        }

        return true;
    }

    private static Named Joined(Operator with, Named left, Named right, Measure measure) =>
        new(Fold(new ArithmeticNode(with, left.Node, right.Node), left.Node, right.Node), measure);

    private static NumberNode Converted(NumberNode node, Scale from, Scale to) =>
        from == to ? node : Fold(new ConvertNode(node, from, to), node);

    private static NumberNode Fold(NumberNode node, params ReadOnlySpan<NumberNode> parts)
    {
        foreach (var part in parts)
        {
            if (part is not ConstantNode)
            {
                return node;
            }
        }

        return new ConstantNode(node.Compute(default));
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private T? Refuse<T>(Syntax at, string message, string mend)
    {
        Problem ??= new ExpressionProblem(at.Position, message, mend);
        return default;
    }
}
