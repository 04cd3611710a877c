namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>A piece of an expression as it was written.</summary>
/// <param name="Position">Where it begins, in characters from 0.</param>
internal abstract record Syntax(int Position)
{
    /// <summary>This piece and all below it.</summary>
    public IEnumerable<Syntax> All() => Parts.SelectMany(part => part.All()).Prepend(this);

    /// <summary>The pieces directly below.</summary>
    protected virtual IEnumerable<Syntax> Parts => [];
}

/// <summary><c>80</c>, <c>80 degF</c>, <c>2 °C/min</c>.</summary>
internal sealed record NumberSyntax(int Position, double Value, string Unit) : Syntax(Position);

/// <summary><c>value</c>, <c>previous</c>, <c>change</c>, an attribute or another metric of the device.</summary>
internal sealed record NameSyntax(int Position, string Name) : Syntax(Position);

/// <summary><c>device("id").metric</c>; without a device, <c>metric("name")</c>.</summary>
internal sealed record MetricSyntax(int Position, string? Device, string Metric) : Syntax(Position);

/// <summary><c>max(a, b)</c>.</summary>
internal sealed record CallSyntax(int Position, string Name, IReadOnlyList<Syntax> Arguments) : Syntax(Position)
{
    /// <inheritdoc/>
    protected override IEnumerable<Syntax> Parts => Arguments;
}

/// <summary><c>-a</c> and <c>not a</c>.</summary>
internal sealed record UnarySyntax(int Position, Operator Operator, Syntax Operand) : Syntax(Position)
{
    /// <inheritdoc/>
    protected override IEnumerable<Syntax> Parts => [Operand];
}

/// <summary><c>a + b</c>, <c>a &gt; b</c>, <c>a and b</c>, <c>80 % of b</c>.</summary>
internal sealed record BinarySyntax(Operator Operator, Syntax Left, Syntax Right) : Syntax(Left.Position)
{
    /// <inheritdoc/>
    protected override IEnumerable<Syntax> Parts => [Left, Right];
}
