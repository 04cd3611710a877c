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
        var isFound = false;
        foreach (var track in Tracks.Cast<Track>().Concat(_binding.Subjects).ToList())
        {
            if (!track.HasTime)
            {
                continue;
            }

            if (track.IsUntrusted == step.WasTrusted)
            {
                if (!track.IsUntrusted)
                {
                    track.ClockFound(step);
                    _marks.Add(track);
                    isFound = true;
                }

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

        if (_outages.Last.To.HasValue)
        {
            _outages.ClockStepped(step);
            _marks.Add(_outages);
        }

        if (isFound)
        {
            ForeseeAnew();
        }
    }

    /// <summary>The gateway could hear nobody: what did not come meanwhile is nobody's silence. Call it before the first reading after it.</summary>
    /// <remarks>
    /// Only silence is meant. A value holds until the next one comes, so a <c>for</c> elapses meanwhile, and schedules begin and end.
    /// </remarks>
    /// <param name="outage">The outage, as recorded.</param>
    /// <param name="outcome">Is told that time alone changed something.</param>
    public void Missed(in Outage outage, RuleOutcome outcome)
    {
        outcome.HasElapsed = true;
        _outages.Add(outage);
        _marks.Add(_outages);
        foreach (var track in Tracks.Cast<Track>().Concat(_binding.Subjects).ToList())
        {
            if (!track.HasTime || track.IsBackfill)
            {
                continue;
            }

            track.Miss(outage, _options.Lateness);
            _marks.Add(track);
            foreach (var instance in track.Instances)
            {
                if (instance.RevealAt.HasValue)
                {
                    instance.RevealAt += outage.Until - outage.From;
                    _marks.Add(instance);
                }
            }
        }

        ForeseeAnew();
    }

    /// <summary>How much of the time was listened is another: when silence counts, and when what asks for silence changes, follows from that.</summary>
    private void ForeseeAnew()
    {
        foreach (var track in Tracks.Cast<Track>().Concat(_binding.Subjects).ToList())
        {
            foreach (var instance in track.Instances)
            {
                if (track.HasTime && instance.Rule.Asks.Needs.IsTimed)
                {
                    BindIfOutdated(instance);
                    AwaitChange(instance);
                    _marks.Add(instance);
                }

                instance.QueuedAt = Timestamp.None;
            }

            Wake(track);
            Settle(track);
        }
    }
}
