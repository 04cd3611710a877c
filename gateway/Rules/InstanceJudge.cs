using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Expressions;
using IotEvents.Gateway.Rules.Kinds;
using IotEvents.Gateway.Rules.Proof;

namespace IotEvents.Gateway.Rules;

/// <summary>Steps one rule with one series, device or group: normal, pending, firing, and what it says when that changes.</summary>
/// <remarks>
/// Readings may raise and end; time alone may raise but never ends anything as recovered. A level is a small state machine of
/// its own; the worst level that fires is the alert, and when that changes, one alert supersedes the other.
/// </remarks>
internal sealed partial class InstanceJudge(
    IDeviceDirectory devices, Marks marks, HistoryDigester digester, Hiding hiding, EvidenceWriter? evidence)
{
    private readonly StateBefore _before = new();

    /// <summary>A reading came; the track has moved to it.</summary>
    public void OnReading(RuleInstance it, in Frame frame, RuleOutcome outcome)
    {
        _before.Take(it, Trigger.Reading);
        if (it.Judgement is IStatefulJudgement stateful)
        {
            stateful.Observe(frame);
            if (stateful.HasChanged)
            {
                marks.Add(it);
            }
        }

        _before.HasObserved = true;
        StepReading(it, frame, outcome);
    }

    /// <summary>Judges again what evidence tells of; the condition remembers what it remembered then.</summary>
    /// <param name="it">As it was before.</param>
    /// <param name="trigger">What made it be judged.</param>
    /// <param name="time">The event time.</param>
    /// <param name="hasObserved">False when the condition has not taken it in yet.</param>
    /// <param name="outcome">Takes the verdict.</param>
    public void Again(RuleInstance it, Trigger trigger, Timestamp time, bool hasObserved, RuleOutcome outcome)
    {
        if (trigger == Trigger.Reading && !hasObserved)
        {
            OnReading(it, it.Track.At(time), outcome);
        }
        else if (trigger == Trigger.Reading)
        {
            StepReading(it, it.Track.At(time), outcome);
        }
        else if (trigger == Trigger.Time)
        {
            OnTime(it, outcome, isAgain: hasObserved);
        }
        else
        {
            Changed(it, time, outcome);
        }
    }

    /// <summary>The rule failed: for this series it is not judged any more, and an alert says so.</summary>
    public void SetAside(RuleInstance it, string problem, RuleOutcome outcome)
    {
        // What failed is not asked to explain itself; but evidence holds what it remembered.
        var judgement = it.Judgement;
        it.Judgement = null;
        it.Failed = InstanceWords.Failed(it, devices, problem, it.Track.Time);
        it.Judgement = judgement;
        outcome.Transitions.Add(evidence is null ? it.Failed : it.Failed with { Evidence = evidence.Write(it, _before, it.Failed) });
        (it.Judgement, it.Problem, it.Band) = (null, problem, Band.Empty);
        marks.Add(it);
    }

    private void StepReading(RuleInstance it, in Frame frame, RuleOutcome outcome)
    {
        if (it.JudgedAt > frame.Time)
        {
            // Time went ahead of what was still on its way: from here on it is judged once more.
            it.JudgedAt = frame.Time;
            marks.Add(it);
        }

        if (it.Rule.Missing == MissingPolicy.Alert)
        {
            hiding.Speaks(it);
        }

        if (it.Schedule?.IsActive(frame.Time) == false)
        {
            End(it, EndReason.Expired, frame.Time, outcome);
            return;
        }

        var endsSilence = it.Silent;
        if (endsSilence)
        {
            // After silence the first reading decides: whatever is not bad is an end of the silence.
            it.Silent = false;
            it.RevealAt = Timestamp.None;
            marks.Add(it);
        }

        if (it.HeldUntil.HasValue)
        {
            it.HeldUntil = Timestamp.None;
            marks.Add(it);
        }

        for (var i = 0; i < it.Levels.Length; i++)
        {
            StepLevel(it, i, frame, isReading: true, endsSilence);
        }

        if (it.FlappingRule is not null && Flapping.Calm(it, frame.Time, outcome))
        {
            marks.Add(it);
        }

        Conclude(it, frame.Time, EndReason.Recovered, outcome);
        if (endsSilence)
        {
            hiding.Heard(it);
        }
    }

    /// <summary>The rule itself is another one: says what that changes.</summary>
    public void Changed(RuleInstance it, Timestamp time, RuleOutcome outcome)
    {
        _before.Take(it, Trigger.Change);
        Conclude(it, time, EndReason.RuleChanged, outcome);
    }

    /// <summary>It fires no more, and not because of a reading.</summary>
    public void End(RuleInstance it, EndReason reason, Timestamp time, RuleOutcome outcome)
    {
        if (it.Silent || it.HeldUntil.HasValue || it.RevealAt.HasValue || !Array.TrueForAll(it.Levels, static level => level.IsNormal))
        {
            marks.Add(it);
        }

        Array.Fill(it.Levels, LevelState.Normal);
        it.Silent = false;
        (it.HeldUntil, it.RevealAt) = (Timestamp.None, Timestamp.None);
        Conclude(it, time, reason, outcome);
    }

    private void StepLevel(RuleInstance it, int index, in Frame frame, bool isReading, bool endsSilence)
    {
        ref var level = ref it.Levels[index];
        var before = level;
        var judgement = it.Judgement!;
        Truth? counted = null;
        if (it.Rule.Times is { } times)
        {
            if (!isReading && level.State != RuleState.Firing)
            {
                // Only readings count.
                return;
            }

            if (isReading)
            {
                var isBad = judgement.Raise(index, frame);
                if (endsSilence && isBad == Truth.True)
                {
                    // What is bad after a silence that fired goes on firing, as if enough had been bad before.
                    level.Bad = ulong.MaxValue >> (64 - times.Bad);
                }

                counted = level.Count(isBad, times, it.Track.IsAgain);
            }
        }

        if (level.State == RuleState.Firing)
        {
            StepFiring(ref level, it.Rule, index, judgement, counted, frame);
        }
        else
        {
            var raise = counted ?? judgement.Raise(index, frame);
            if (raise == Truth.False)
            {
                (level.State, level.Since) = (RuleState.Normal, Timestamp.None);
            }
            else if (raise == Truth.True)
            {
                if (level.State == RuleState.Normal)
                {
                    (level.State, level.Since) = (RuleState.Pending, frame.Time);
                }

                // What is bad after a silence that fired was not good meanwhile, as far as anybody knows.
                if (endsSilence || frame.Time >= level.Since + it.Rule.Levels[index].For)
                {
                    (level.State, level.GoodSince) = (RuleState.Firing, Timestamp.None);
                }
            }
        }

        if (level.State != before.State || level.GoodSince != before.GoodSince || level.Bad != before.Bad)
        {
            marks.Add(it);
        }
    }

    private static void StepFiring(
        ref LevelState level, Rule rule, int index, IJudgement judgement, Truth? counted, in Frame frame)
    {
        var clear = counted is { } enough && rule.Levels[index].Clear is null
            ? enough == Truth.True ? Truth.False : Truth.True
            : judgement.Clear(index, frame);
        if (clear == Truth.False)
        {
            level.GoodSince = Timestamp.None;
        }
        else if (clear == Truth.True)
        {
            if (!level.GoodSince.HasValue)
            {
                level.GoodSince = frame.Time;
            }

            if (frame.Time >= level.GoodSince + rule.KeepFiringFor)
            {
                level.State = RuleState.Normal;
                (level.Since, level.GoodSince) = (Timestamp.None, Timestamp.None);
            }
        }
    }

    /// <summary>Says what has changed as a whole.</summary>
    private void Conclude(RuleInstance it, Timestamp time, EndReason reason, RuleOutcome outcome, bool isRevealed = false)
    {
        var isFiring = it.Silent || it.FiringLevel >= 0;
        var level = Level(it);
        if (it.Raised is not { } raised)
        {
            if (isFiring)
            {
                Raise(it, level, time, outcome);
            }

            return;
        }

        if (!isFiring)
        {
            // What was on its way while it was raised ends it no sooner.
            Say(it, InstanceWords.Ended(it, devices, reason, time < it.RaisedAt ? it.RaisedAt : time), outcome);
            it.Raised = null;
            marks.Add(it);
            return;
        }

        // The alert goes on as another one: it is worse or milder now, or what was history or hidden is so for all to see.
        isRevealed |= raised.HiddenBy.Length > 0 && !it.Silent && hiding.By(it).Length == 0;
        var severity = level < 0 ? it.Rule.Severity : it.Rule.Levels[level].Severity;
        if (severity != raised.Severity || (raised.Historical && !it.Track.IsHistorical) || isRevealed)
        {
            Say(it, InstanceWords.Ended(it, devices, EndReason.Superseded, time), outcome);
            Raise(it, level, time, outcome);
        }
        else if (it.RaisedLevel != level)
        {
            it.RaisedLevel = level;
            marks.Add(it);
        }
    }

    // In silence a machine may go on to something worse by itself.
    private static int Level(RuleInstance it) => it.FiringLevel is var firing && firing >= 0
        && (!it.Silent || it.Rule.Levels[firing].Severity > it.Rule.Severity) ? firing : RuleInstance.SilenceLevel;

    private void Raise(RuleInstance it, int level, Timestamp time, RuleOutcome outcome)
    {
        if (it.Live?.Raised is { } live && live.Since <= time)
        {
            // A straggler of what fires anyway. Silence stays silence: it is not due once more.
            Array.Fill(it.Levels, LevelState.Normal);
            return;
        }

        // With rule and series the time names the alert: two that begin with readings of the same time are still two.
        it.RaisedAt = it.RaisedAt.HasValue && time <= it.RaisedAt ? new Timestamp(it.RaisedAt.Nanoseconds + 1) : time;
        it.RaisedLevel = level;
        it.Raised = InstanceWords.Raised(it, devices, it.RaisedAt) with { HiddenBy = hiding.By(it) };
        Say(it, evidence is null ? it.Raised : it.Raised with { Evidence = evidence.Write(it, _before, it.Raised) }, outcome);
        marks.Add(it);
    }

    private void Say(RuleInstance it, Transition transition, RuleOutcome outcome)
    {
        outcome.Transitions.Add(transition);
        if (it.FlappingRule is not null && !it.Track.IsBackfill)
        {
            Flapping.Note(it, transition, devices, evidence, outcome);
        }

        if (transition.Historical)
        {
            digester.Add(transition, it.Track.ReceivedAt);
            marks.Add(digester);
        }
    }
}
