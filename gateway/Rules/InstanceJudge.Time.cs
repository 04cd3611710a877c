using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Expressions;
using IotEvents.Gateway.Rules.Kinds;
using IotEvents.Gateway.Rules.Proof;

namespace IotEvents.Gateway.Rules;

/// <content>What time does without a reading: a <c>for</c> elapses, silence counts, a schedule turns.</content>
internal sealed partial class InstanceJudge
{
    /// <summary>The instance's own deadline has come.</summary>
    public void OnTime(RuleInstance it, RuleOutcome outcome) => OnTime(it, outcome, isAgain: false);

    private void OnTime(RuleInstance it, RuleOutcome outcome, bool isAgain)
    {
        _before.Take(it, Trigger.Time);
        var due = it.Deadline;
        outcome.HasElapsed = true;
        marks.Add(it);
        marks.Add(it.Track);

        if (it.Schedule?.IsActive(due) == false)
        {
            End(it, EndReason.Expired, due, outcome);
            it.JudgedAt = due;
        }

        // Where silence is fine and begins just when the waiting ends, there is nothing any more that could be bad.
        else if (due == it.SilentFrom && (it.Rule.Missing == MissingPolicy.Ok || due != it.PendingUntil))
        {
            OnSilence(it, due, outcome);
        }
        else if (due == it.RevealAt)
        {
            it.RevealAt = Timestamp.None;
            Conclude(it, due, EndReason.WentSilent, outcome, isRevealed: it.Silent && hiding.By(it).Length == 0);
        }
        else if (due == it.PendingUntil)
        {
            // A value holds until the next one, so a `for` elapses in silence.
            for (var i = 0; i < it.Levels.Length; i++)
            {
                ref var level = ref it.Levels[i];
                if (level.State == RuleState.Pending && level.Since + it.Rule.Levels[i].For <= due)
                {
                    level.State = RuleState.Firing;
                }
            }

            Conclude(it, due, EndReason.Recovered, outcome);
        }
        else
        {
            OnChange(it, due, outcome, isAgain);
        }

        it.AwaitChange(it.Track.At(it.JudgedAt > it.Track.Time ? it.JudgedAt : it.Track.Time));
        it.Band = Band.Empty;
        it.Track.Band = Band.Empty;
    }

    private void OnSilence(RuleInstance it, Timestamp due, RuleOutcome outcome)
    {
        if (it.Rule.Missing == MissingPolicy.Alert && hiding.Wait(it) is { HasValue: true } until && until > due)
        {
            it.HeldUntil = until;
            return;
        }

        Array.Fill(it.Levels, LevelState.Normal);
        if (it.Rule.Missing == MissingPolicy.Alert)
        {
            it.Silent = true;
        }

        Conclude(it, due, EndReason.WentSilent, outcome);
    }

    private void OnChange(RuleInstance it, Timestamp due, RuleOutcome outcome, bool isAgain)
    {
        var frame = it.Track.At(due);
        if (due == it.TurnsAt)
        {
            // The schedule begins: what holds by the last value holds now, and nothing changes by that.
            frame = new Frame(frame.Value, frame.Value, due);
        }

        var stateful = it.Judgement as IStatefulJudgement;
        if (!isAgain && due != it.KeptUntil)
        {
            stateful?.Elapse(frame);
        }

        _before.HasObserved = true;
        it.JudgedAt = due;
        var raises = !it.IsOverAt(due);
        for (var i = 0; i < it.Levels.Length; i++)
        {
            if (it.Levels[i].State != RuleState.Firing ? raises : stateful is { EndsByTime: true })
            {
                StepLevel(it, i, frame, isReading: false, endsSilence: false);
            }
            else if (it.Levels[i].GoodSince.HasValue && it.Judgement!.Clear(i, frame) == Truth.False)
            {
                // Time alone ends nothing, but what is bad again must be good anew for `keep_firing_for`.
                it.Levels[i].GoodSince = Timestamp.None;
                marks.Add(it);
            }
        }

        Conclude(it, due, EndReason.Expired, outcome);
    }
}
