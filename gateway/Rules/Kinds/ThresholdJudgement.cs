using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules.Kinds;

/// <summary>A threshold rule's conditions made computable.</summary>
/// <param name="Levels">What raises each level, and what ends it; null when that is that the first is true no more.</param>
/// <param name="Parts">What explains them all.</param>
internal sealed record ThresholdParts((TruthNode Raise, TruthNode? Clear)[] Levels, BoundParts Parts);

/// <summary>A threshold rule with one series, device or group.</summary>
internal sealed class ThresholdJudgement(ThresholdCondition condition, Series subject, IScope scope, ThresholdParts parts)
    : IJudgement
{
    private ThresholdParts _parts = parts;

    /// <inheritdoc/>
    public Truth Raise(int level, in Frame frame) => Current().Levels[level].Raise.Judge(frame);

    /// <inheritdoc/>
    public Truth Clear(int level, in Frame frame)
    {
        var (raise, clear) = Current().Levels[level];
        return clear?.Judge(frame) ?? raise.Judge(frame).Opposite();
    }

    /// <inheritdoc/>
    public Band Steady(int level, bool fires, double value)
    {
        var (raise, clear) = _parts.Levels[level];
        return (fires ? clear ?? raise : raise).Steady(value);
    }

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
        : _parts = condition.Bound(subject, scope, out var problem) ?? throw new InvalidOperationException(problem);
}
