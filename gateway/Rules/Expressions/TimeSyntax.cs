namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>A length of time, <c>5m</c>, <c>1h30m</c>: the window that ends now, or how far ahead.</summary>
internal sealed record DurationSyntax(int Position, TimeSpan Value) : Syntax(Position);

/// <summary><c>tumbling 5m</c>, <c>session 2m max 4h</c>.</summary>
/// <param name="Position">Where it begins, in characters from 0.</param>
/// <param name="Kind">What ends the window.</param>
/// <param name="Span">Its length; of a session, the gap that ends it.</param>
/// <param name="Max">The longest session; null when it is not written.</param>
internal sealed record WindowSyntax(int Position, WindowKind Kind, TimeSpan Span, TimeSpan? Max) : Syntax(Position);

/// <summary><c>value reaches 80 % of capacity within 4h</c>, <c>value falls to 10 % within 4h over 30m</c>.</summary>
/// <param name="Left">The series.</param>
/// <param name="Falls">True when it is reached from above.</param>
/// <param name="Target">What is reached.</param>
/// <param name="Within">How far ahead.</param>
/// <param name="Over">The window the line is drawn through; null for as long as <paramref name="Within"/>.</param>
internal sealed record ReachSyntax(Syntax Left, bool Falls, Syntax Target, DurationSyntax Within, DurationSyntax? Over)
    : Syntax(Left.Position)
{
    /// <inheritdoc/>
    public override bool IsCondition => true;

    /// <inheritdoc/>
    protected override IEnumerable<Syntax> Parts => Over is null ? [Left, Target, Within] : [Left, Target, Within, Over];
}
