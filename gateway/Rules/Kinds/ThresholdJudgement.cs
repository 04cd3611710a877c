using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules.Kinds;

/// <summary>A threshold rule's conditions made computable.</summary>
/// <param name="Levels">What raises each level, and what ends it; null when that is that the first is true no more.</param>
/// <param name="Parts">What explains them all.</param>
internal sealed record ThresholdParts((TruthNode Raise, TruthNode? Clear)[] Levels, BoundParts Parts) : BoundCondition(Parts);

/// <summary>A threshold rule with one series, device or group.</summary>
internal sealed class ThresholdJudgement(CurrentCondition<ThresholdParts> condition) : IJudgement
{
    /// <inheritdoc/>
    public Truth Raise(int level, in Frame frame) => condition.Now.Levels[level].Raise.Judge(frame);

    /// <inheritdoc/>
    public Truth Clear(int level, in Frame frame)
    {
        var (raise, clear) = condition.Now.Levels[level];
        return clear?.Judge(frame) ?? raise.Judge(frame).Opposite();
    }

    /// <inheritdoc/>
    public Band Steady(int level, bool fires, double value)
    {
        var (raise, clear) = condition.Now.Levels[level];
        return (fires ? clear ?? raise : raise).Steady(value);
    }

    /// <inheritdoc/>
    public Timestamp NextChange(in Frame frame) => condition.Now.Parts.NextChange(frame);

    /// <inheritdoc/>
    public string Explain(in Frame frame) => condition.Now.Parts.Explain(frame);
}
