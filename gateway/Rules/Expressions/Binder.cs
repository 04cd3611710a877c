using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;

namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>Gives the names of an expression their meaning, checks its units, and makes it computable.</summary>
/// <remarks>
/// Conversions go where they cost nothing: a constant is converted once to the unit of what it is compared with, so that
/// a reading's value is compared as it was stored.
/// </remarks>
internal sealed class Binder
{
    private readonly IScope _scope;

    private Binder(IScope scope) => _scope = scope;

    private ExpressionProblem? Problem { get; set; }

    /// <summary>Makes a condition computable.</summary>
    /// <returns>Null when <paramref name="problem"/> says what does not fit together.</returns>
    public static TruthNode? Bind(Syntax syntax, IScope scope, out ExpressionProblem? problem)
    {
        var binder = new Binder(scope);
        var node = binder.Condition(syntax);
        problem = binder.Problem;
        return problem is null ? node : null;
    }

    private TruthNode? Condition(Syntax syntax) => syntax switch
    {
        BinarySyntax { Operator: Operator.And } it when Both(it) is var (a, b) => new AndNode(a, b),
        BinarySyntax { Operator: Operator.Or } it when Both(it) is var (a, b) => new OrNode(a, b),
        UnarySyntax { Operator: Operator.Not } it when Condition(it.Operand) is { } inner => new NotNode(inner),
        BinarySyntax it when it.Operator.Compares() => Comparison(it),
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
        NameSyntax { Name: "value" } => new Named(new ValueNode(), _scope.Value),
        NameSyntax { Name: "previous" } => new Named(new PreviousNode(), _scope.Value),
        NameSyntax { Name: "change" } => new Named(new ChangeNode(), _scope.Value.Differences()),
        NameSyntax it => _scope.Find(it.Name),
        MetricSyntax it => _scope.Find(it.Device, it.Metric),
        CallSyntax it => Call(it),
        UnarySyntax { Operator: Operator.Subtract } it => Negative(it),
        BinarySyntax { Operator: Operator.Add or Operator.Subtract } it => Sum(it),
        BinarySyntax { Operator: Operator.Multiply or Operator.Divide } it => Product(it),
        BinarySyntax { Operator: Operator.PartOf } it => PartOf(it),
        _ => Refuse<Named>(syntax, "Here stands a condition where a number belongs", "join conditions with and, or, not"),
    };

    private Named? Literal(NumberSyntax syntax)
    {
        if (syntax.Unit.Length == 0)
        {
            return new Named(new ConstantNode(syntax.Value), Measure.Plain);
        }

        return UnitText.TryParse(syntax.Unit, out var scale)
            ? new Named(new ConstantNode(syntax.Value), Measure.OfLiteral(scale))
            : Refuse<Named>(syntax, $"'{syntax.Unit}' is no known unit", "write one such as degF, %, L, °C/min");
    }

    private Named? Call(CallSyntax syntax)
    {
        if (Functions.Find(syntax.Name) is not { } function)
        {
            var nearest = Functions.Names.MinBy(name => SettingsValues.Distance(name, syntax.Name))!;
            return Refuse<Named>(syntax, $"There is no function '{syntax.Name}'",
                SettingsValues.Distance(nearest, syntax.Name) <= 2 ? $"did you mean '{nearest}'?"
                : $"known are: {string.Join(", ", Functions.Names)}");
        }

        var count = syntax.Arguments.Count;
        if (count < function.ArgumentsMin || count > function.ArgumentsMax)
        {
            return Refuse<Named>(syntax, $"'{function.Name}' is given {count} numbers",
                function.ArgumentsMin == function.ArgumentsMax ? $"give it {function.ArgumentsMin}"
                : $"give it {function.ArgumentsMin} to {function.ArgumentsMax}");
        }

        return Call(syntax, function);
    }

    private Named? Call(CallSyntax syntax, Function function)
    {
        if (Number(syntax.Arguments[0]) is not { } first)
        {
            return null;
        }

        var nodes = new List<NumberNode> { first.Node };
        foreach (var argument in syntax.Arguments.Skip(1))
        {
            // The first argument with a unit decides for all; converting what came before it again would lose digits.
            if (Number(argument) is not { } next
                || !Align(new BinarySyntax(Operator.Equal, syntax.Arguments[0], argument), ref first, ref next, "joined", keepLeft: true))
            {
                return null;
            }

            first = first with { Measure = first.Measure.HasScale ? first.Measure : next.Measure };
            nodes.Add(next.Node);
        }

        var node = new FunctionNode(function.Fold, function.IsMean ? 1.0 / nodes.Count : 1, [.. nodes]);
        return new Named(Fold(node, [.. nodes]), first.Measure);
    }

    private Named? Negative(UnarySyntax syntax) => Number(syntax.Operand) is { } inner
        ? new Named(Fold(new ArithmeticNode(Operator.Subtract, new ConstantNode(0), inner.Node), inner.Node), inner.Measure)
        : null;

    private Named? Sum(BinarySyntax syntax)
    {
        if (Number(syntax.Left) is not { } left || Number(syntax.Right) is not { } right)
        {
            return null;
        }

        var (a, b) = (left.Measure, right.Measure);
        if (a.IsTemperature && b.IsTemperature)
        {
            return Temperatures(syntax, left, right);
        }

        if (!Align(syntax, ref left, ref right, syntax.Operator == Operator.Add ? "added" : "subtracted"))
        {
            return null;
        }

        var measure = a.Kind == MeasureKind.Open || b.Kind == MeasureKind.Open ? Measure.Open
            : left.Measure.HasScale ? left.Measure : right.Measure;
        return Joined(syntax.Operator, left, right, measure);
    }

    // Temperatures have a zero that is not nothing: differences come of subtracting, and only they can be added.
    private Named? Temperatures(BinarySyntax syntax, Named left, Named right)
    {
        var (a, b) = (left.Measure, right.Measure);
        if (syntax.Operator == Operator.Subtract)
        {
            if (a.Kind == MeasureKind.Difference && b.Kind == MeasureKind.Point)
            {
                return Refuse<Named>(syntax.Right, "A temperature cannot be subtracted from a difference of temperatures",
                    "subtract two temperatures, or two differences");
            }

            if (a.Kind != MeasureKind.Difference && b.Kind != MeasureKind.Difference)
            {
                var node = Converted(right.Node, b.Scale, a.Scale);
                return Joined(Operator.Subtract, left, right with { Node = node }, a.Differences());
            }
        }
        else if (a.Kind == MeasureKind.Point && b.Kind == MeasureKind.Point)
        {
            return Refuse<Named>(syntax.Right, "Two temperatures cannot be added", "use avg(a, b) for their mean");
        }
        else if (b.Kind == MeasureKind.Point)
        {
            (left, right, a, b) = (right, left, b, a);
        }

        var shift = Converted(right.Node, b.Scale.WithoutOffset, a.Scale.WithoutOffset);
        return Joined(syntax.Operator, left, right with { Node = shift }, a);
    }

    private Named? Product(BinarySyntax syntax)
    {
        if (Number(syntax.Left) is not { } left || Number(syntax.Right) is not { } right)
        {
            return null;
        }

        var (a, b) = (left.Measure, right.Measure);
        if (a.Kind == MeasureKind.Point || b.Kind == MeasureKind.Point)
        {
            return Refuse<Named>(syntax, "A temperature cannot be multiplied or divided: twice 20 °C is not twice 68 °F",
                "subtract another temperature first, or use avg(a, b)");
        }

        var divides = syntax.Operator == Operator.Divide;
        Measure measure;
        if (a.Kind == MeasureKind.Open || b.Kind == MeasureKind.Open)
        {
            measure = Measure.Open;
        }
        else if (!b.HasScale)
        {
            measure = a.Differences();
        }
        else
        {
            var from = a.HasScale ? a.Scale : new Scale(Dimension.One, 1, 0);
            measure = Product(from, b.Scale, divides);
        }

        return Joined(syntax.Operator, left, right, measure);
    }

    private static Measure Product(Scale a, Scale b, bool divides)
    {
        var scale = divides
            ? new Scale(a.Dimension / b.Dimension, a.Factor / b.Factor, 0)
            : new Scale(a.Dimension * b.Dimension, a.Factor * b.Factor, 0);
        return new Measure(scale.Dimension == Dimension.Temperature ? MeasureKind.Difference : MeasureKind.Quantity, scale);
    }

    private Named? PartOf(BinarySyntax syntax)
    {
        if (Number(syntax.Left) is not { } part || Number(syntax.Right) is not { } whole)
        {
            return null;
        }

        if (part.Measure.Kind != MeasureKind.Quantity || part.Measure.Scale.Dimension != Dimension.One)
        {
            return Refuse<Named>(syntax.Left, "Only a part such as 80 % can be taken 'of' something", "write 80 % of capacity");
        }

        if (whole.Measure.IsTemperature)
        {
            return Refuse<Named>(syntax.Right, "There is no part of a temperature: half of 20 °C is not half of 68 °F",
                "write the temperature itself");
        }

        var ratio = Converted(part.Node, part.Measure.Scale, new Scale(Dimension.One, 1, 0));
        return Joined(Operator.PartOf, part with { Node = ratio }, whole, whole.Measure);
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
