using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules.Kinds;

/// <summary>A threshold rule with one series.</summary>
internal sealed class ThresholdJudgement(ThresholdCondition condition, Series series, IScope scope, ThresholdParts parts) : IJudgement
{
    private ThresholdParts _parts = parts;

    /// <inheritdoc/>
    public Truth Raise(in Frame frame) => Current().Raise.Judge(frame);

    /// <inheritdoc/>
    public Truth Clear(in Frame frame)
    {
        var current = Current();
        return current.Clear?.Judge(frame) ?? current.Raise.Judge(frame).Opposite();
    }

    /// <inheritdoc/>
    public Band Steady(double value) =>
        _parts.Clear is null ? _parts.Raise.Steady(value) : _parts.Raise.Steady(value).And(_parts.Clear.Steady(value));

    /// <inheritdoc/>
    public Timestamp NextChange(in Frame frame) => Current().Parts.NextChange(frame);

    /// <inheritdoc/>
    public string Explain(in Frame frame)
    {
        var inputs = Current().Parts.Inputs;
        var explained = new string[inputs.Count];
        for (var i = 0; i < explained.Length; i++)
        {
            explained[i] = inputs[i].Explain(frame);
        }

        return string.Join(", ", explained);
    }

    // A group that was empty has a unit only since its first member came: what it is compared with must be converted anew.
    private ThresholdParts Current() =>
        !_parts.Parts.IsOutdated ? _parts
        : _parts = condition.Bound(series, scope, out var problem) ?? throw new InvalidOperationException(problem);
}
