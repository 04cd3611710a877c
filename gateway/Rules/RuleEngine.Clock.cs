using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Kinds;
using IotEvents.Gateway.Rules.Tracks;

namespace IotEvents.Gateway.Rules;

/// <content>What happens when the gateway's clock is set.</content>
public sealed partial class RuleEngine
{
    /// <summary>The gateway's clock was set: nothing has elapsed by it, so what waits goes on waiting as long as it would have.</summary>
    /// <remarks>
    /// Only what was last judged by the clock as it was moves along: what a trusted clock stamped keeps its times when an
    /// untrusted one becomes right.
    /// </remarks>
    /// <param name="step">The step, as recorded.</param>
    /// <param name="outcome">Is told that time alone changed something.</param>
    public void ClockStepped(in ClockStep step, RuleOutcome outcome)
    {
        outcome.HasElapsed = true;
        _looks?.ClockStepped(step.By);
        foreach (var track in Tracks.Cast<Track>().Concat(_binding.Subjects).ToList())
        {
            if (!track.HasTime || track.IsUntrusted == step.WasTrusted)
            {
                continue;
            }

            track.ClockStepped(step);
            _marks.Add(track);
            foreach (var instance in track.Instances)
            {
                if (track.IsOnGatewayClock)
                {
                    instance.Shift(step.By);
                    (instance.Judgement as IStatefulJudgement)?.ClockStepped(step.By);

                    // What its window held is forgotten: a restart would work out from what is left when that changes.
                    AwaitChange(instance, instance.Foresees);
                }

                instance.QueuedAt = Timestamp.None;
                _marks.Add(instance);
            }

            Wake(track);
            Settle(track);
        }
    }
}
