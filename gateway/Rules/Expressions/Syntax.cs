namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>A piece of an expression as it was written.</summary>
/// <param name="Position">Where it begins, in characters from 0.</param>
internal abstract record Syntax(int Position)
{
    /// <summary>This piece and all below it.</summary>
    public IEnumerable<Syntax> All() => Parts.SelectMany(part => part.All()).Prepend(this);

    /// <summary>As <see cref="All"/>, but not what stands inside a group: there <c>value</c> is the member's.</summary>
    public IEnumerable<Syntax> Outside() =>
        this is GroupSyntax ? [this] : Parts.SelectMany(part => part.Outside()).Prepend(this);

    /// <summary>True when it says true or false; false when it is a number or a text.</summary>
    public virtual bool IsCondition => false;

    /// <summary>The pieces directly below.</summary>
    protected virtual IEnumerable<Syntax> Parts => [];
}

/// <summary><c>80</c>, <c>80 degF</c>, <c>2 °C/min</c>.</summary>
internal sealed record NumberSyntax(int Position, double Value, string Unit) : Syntax(Position);

/// <summary><c>"hamburg"</c>.</summary>
internal sealed record TextSyntax(int Position, string Text) : Syntax(Position);

/// <summary><c>value</c>, <c>previous</c>, <c>change</c>, an attribute, another metric, or a label (<c>label.site</c>).</summary>
internal sealed record NameSyntax(int Position, string Name) : Syntax(Position)
{
    /// <summary>What the name of a label begins with.</summary>
    public const string LabelPrefix = "label.";

    /// <summary>The label's name; null when it is none.</summary>
    public string? Label => Name.StartsWith(LabelPrefix, StringComparison.Ordinal) ? Name[LabelPrefix.Length..] : null;

    /// <summary>True for the names that speak of the series itself.</summary>
    public bool IsOwn => Name is "value" or "previous" or "change";
}

/// <summary><c>device("id").metric</c>; without a device, <c>metric("name")</c>.</summary>
internal sealed record MetricSyntax(int Position, string? Device, string Metric) : Syntax(Position);

/// <summary><c>max(a, b)</c>, <c>avg_over_time(humidity, 5m)</c>.</summary>
internal sealed record CallSyntax(int Position, string Name, IReadOnlyList<Syntax> Arguments) : Syntax(Position)
{
    /// <inheritdoc/>
    public override bool IsCondition => WindowFunctions.Find(Name) is { Result: WindowResult.Condition };

    /// <inheritdoc/>
    protected override IEnumerable<Syntax> Parts => Arguments;
}

/// <summary><c>-a</c> and <c>not a</c>.</summary>
internal sealed record UnarySyntax(int Position, Operator Operator, Syntax Operand) : Syntax(Position)
{
    /// <inheritdoc/>
    public override bool IsCondition => Operator == Operator.Not;

    /// <inheritdoc/>
    protected override IEnumerable<Syntax> Parts => [Operand];
}

/// <summary><c>a + b</c>, <c>a &gt; b</c>, <c>a and b</c>, <c>80 % of b</c>.</summary>
internal sealed record BinarySyntax(Operator Operator, Syntax Left, Syntax Right) : Syntax(Left.Position)
{
    /// <inheritdoc/>
    public override bool IsCondition => Operator.Compares() || Operator is Operator.And or Operator.Or;

    /// <inheritdoc/>
    protected override IEnumerable<Syntax> Parts => [Left, Right];
}

/// <summary><c>label.site in ("hamburg", "kiel")</c>.</summary>
internal sealed record InSyntax(Syntax Left, IReadOnlyList<Syntax> Texts) : Syntax(Left.Position)
{
    /// <inheritdoc/>
    public override bool IsCondition => true;

    /// <inheritdoc/>
    protected override IEnumerable<Syntax> Parts => Texts.Prepend(Left);
}
