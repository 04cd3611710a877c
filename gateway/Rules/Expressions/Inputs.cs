namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>Something in a condition that has a value which explains the verdict.</summary>
/// <param name="name">As people know it.</param>
internal abstract class Input(string name)
{
    /// <summary>As people know it.</summary>
    public string Name => name;

    /// <summary>Its name and its value at this moment.</summary>
    public abstract string Explain(in Frame frame);
}

/// <summary>A number: <c>previous = 80 °C</c>.</summary>
internal sealed class NumberInput(string name, Named named) : Input(name)
{
    /// <inheritdoc/>
    public override string Explain(in Frame frame) => $"{Name} = {MeasureText.Format(named.Node.Compute(frame), named.Measure)}{named.Note}";
}

/// <summary>A function that looks back: <c>avg_over_time(5m) = 81.2 °C over 30 readings</c>.</summary>
internal sealed class WindowInput(string name, WindowNode node, Measure measure) : Input(name)
{
    /// <inheritdoc/>
    public override string Explain(in Frame frame)
    {
        var count = node.Count(frame);
        return $"{Name} = {MeasureText.Format(node.Compute(frame), measure)} over {count} reading{(count == 1 ? "" : "s")}";
    }
}

/// <summary>Silence: <c>absent(10m) = true, last reading 2026-03-01T12:00:00Z</c>.</summary>
internal sealed class AbsentInput(string name, AbsentNode node) : Input(name)
{
    /// <inheritdoc/>
    public override string Explain(in Frame frame) =>
        $"{Name} = {node.Judge(frame).Word()}, {(node.Last.HasValue ? $"last reading {node.Last}" : "no reading yet")}";
}

/// <summary>A forecast: <c>value in 4h = 1710 L by its line over 30m, to reach 1600 L</c>.</summary>
internal sealed class ReachInput(string name, string over, ReachNode node, Measure measure, NumberNode target) : Input(name)
{
    /// <inheritdoc/>
    public override string Explain(in Frame frame) =>
        $"{Name} = {MeasureText.Format(node.Then(frame), measure)} by its line over {over}, "
        + $"to reach {MeasureText.Format(target.Compute(frame), measure)}";
}

/// <summary>A label: <c>label.site = "hamburg"</c>.</summary>
internal sealed class LabelInput(string name, string? value) : Input(name)
{
    /// <inheritdoc/>
    public override string Explain(in Frame frame) => value is null ? $"{Name} is not set" : $"{Name} = \"{value}\"";
}
