namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>What the names in an expression stand for.</summary>
internal interface IScope
{
    /// <summary>The unit of <c>value</c>.</summary>
    Measure Value { get; }

    /// <summary>An attribute of the device, or else another metric of it.</summary>
    Named Find(string name);

    /// <summary>A metric of a device; of the same one when null.</summary>
    Named Find(string? device, string metric);
}

/// <summary>What a name stands for.</summary>
/// <param name="Node">Its number.</param>
/// <param name="Measure">The unit of it.</param>
internal sealed record Named(NumberNode Node, Measure Measure);

/// <summary>While rules are read: no device is known yet, so every name but <c>value</c> is open.</summary>
internal sealed class OpenScope(Measure value) : IScope
{
    private static readonly Named Open = new(new LatestNode(Never.Instance), Measure.Open);

    /// <inheritdoc/>
    public Measure Value => value;

    /// <inheritdoc/>
    public Named Find(string name) => Open;

    /// <inheritdoc/>
    public Named Find(string? device, string metric) => Open;
}

/// <summary>A series that has not appeared.</summary>
internal sealed class Never : ILatest
{
    /// <summary>The only one.</summary>
    public static readonly Never Instance = new();

    /// <inheritdoc/>
    public double Latest => double.NaN;
}
