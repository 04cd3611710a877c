using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Expressions;
using IotEvents.Gateway.Rules.Kinds;
using IotEvents.Gateway.Rules.Tracks;

namespace IotEvents.Gateway.Rules;

/// <content>Other rules come in force: what goes on under them, and what ends.</content>
public sealed partial class RuleEngine
{
    /// <summary>Puts other rules in force. What series, windows and timers hold stays; what fires goes on under the id of its rule.</summary>
    /// <param name="rules">The new rules.</param>
    /// <param name="devices">Names, labels and attributes of devices, which may be new too.</param>
    /// <param name="now">The gateway's clock; alerts that the new rules do not know any more end then.</param>
    /// <param name="outcome">Takes those ends.</param>
    /// <returns>What became of everything that pended or fired.</returns>
    public RuleReceipt Reload(RuleSet rules, IDeviceDirectory devices, Timestamp now, RuleOutcome outcome)
    {
        Tick(now, outcome);
        var described = _binding.Devices;
        var carried = AllInstances
            .Select(it => new CarriedState(it.Rule.Id, it.Track.KeyName, it.Save().Key, [], InstanceState.Of(it))
            {
                Verdicts = it.State != RuleState.Normal && IsOther(it.Track.Series.Device) ? VerdictsOf(it) : null,
            }).ToList();
        var subjects = _binding.Subjects.ToDictionary(subject => (subject.Rule.Id, subject.Series.Name));
        Use(rules, devices);
        foreach (var track in _tracks)
        {
            track?.Unwire();
        }

        foreach (var track in _tracks)
        {
            if (track is not null)
            {
                _binding.Appear(track, () => AnyOf(track));
            }
        }

        foreach (var backfill in _backfills.Values)
        {
            backfill.Unwire();
            Wire(backfill);
        }

        foreach (var subject in _binding.Subjects)
        {
            if (subjects.Remove((subject.Rule.Id, subject.Series.Name), out var before)
                || (subject.Rule.Was is { } was && subjects.Remove((was, subject.Series.Name), out before)))
            {
                subject.Follow(before);
            }
        }

        foreach (var gone in subjects.Values)
        {
            _marks.Delete(gone.Save().Key);
        }

        return CarryOver(carried, now, outcome);

        bool IsOther(string device) => described.Find(device).Attributes is var before && devices.Find(device).Attributes is var after
            && (before.Count != after.Count || before.Any(one => !after.TryGetValue(one.Key, out var value) || value != one.Value));
    }

    private RuleReceipt CarryOver(List<CarriedState> carried, Timestamp now, RuleOutcome outcome)
    {
        var lines = new List<RuleReceiptLine>();
        var foreseen = new HashSet<RuleInstance>();
        var instances = HeirsBy(track => track.KeyName);

        // What an engine has judged since its start, and what it has restored, stand in no common order.
        var places = _rules.Rules.Select((rule, place) => (rule.Id, place)).ToDictionary();
        foreach (var state in carried
            .OrderBy(it => places.GetValueOrDefault(instances.GetValueOrDefault((it.Rule, it.Subject))?.Rule.Id ?? "", int.MaxValue))
            .ThenBy(it => it.Rule, StringComparer.Ordinal).ThenBy(it => it.Subject, StringComparer.Ordinal))
        {
            var it = instances.GetValueOrDefault((state.Rule, state.Subject));
            var subject = it?.Track.Series ?? SubjectOf(state.Subject);
            var memory = state.State ?? (FormerState.Is(state.Bytes)
                ? FormerState.ReadInstance(state.Bytes, state.Rule, subject) : InstanceState.Read(state.Bytes, subject));
            if (it is null || it.Rule.Id != state.Rule)
            {
                _marks.Delete(state.Key);
            }

            if (memory is null)
            {
                _marks.Delete(state.Key);
            }
            else if (it is null)
            {
                Drop(state, memory, now, lines, outcome);
            }
            else
            {
                Carry(it, memory, state.Verdicts, now, lines, outcome);
                if (memory.ChangesAt is not null && it.Rule.Judgement == memory.Judgement)
                {
                    foreseen.Add(it);
                }
            }
        }

        foreach (var track in Tracks.Cast<Track>().Concat(_binding.Subjects).ToList())
        {
            foreach (var it in track.Instances)
            {
                // Time alone may change it before the next reading does.
                AwaitChange(it, foreseen.Contains(it));
            }

            Wake(track);
            Settle(track);
        }

        return new RuleReceipt(lines);
    }

    private Dictionary<(string Rule, string Subject), RuleInstance> HeirsBy(Func<Track, string> name)
    {
        var heirs = new Dictionary<(string Rule, string Subject), RuleInstance>();
        foreach (var it in AllInstances)
        {
            heirs.TryAdd((it.Rule.Id, name(it.Track)), it);
        }

        foreach (var it in AllInstances.Where(it => it.Rule.Was is not null))
        {
            heirs.TryAdd((it.Rule.Was!, name(it.Track)), it);
        }

        return heirs;
    }

    private static void Drop(CarriedState state, InstanceState memory, Timestamp now, List<RuleReceiptLine> lines, RuleOutcome outcome)
    {
        foreach (var raised in new[] { memory.Raised, memory.Failed, memory.Flap }.OfType<Transition>())
        {
            outcome.Transitions.Add(raised with { Kind = TransitionKind.Ended, Reason = EndReason.RuleChanged, Time = now });
        }

        if (memory.IsActive)
        {
            lines.Add(new RuleReceiptLine(state.Rule, state.Subject, memory.Stood, RuleFate.Dropped, "no rule of that id judges this any more"));
        }
    }

    private void Carry(RuleInstance it, InstanceState memory, Truth[]? verdicts, Timestamp now, List<RuleReceiptLine> lines, RuleOutcome outcome)
    {
        var isSame = it.Rule.Judgement == memory.Judgement || FormerState.Judgement(it.Rule) == memory.Judgement;
        it.Take(memory, isSame);

        if (it.Track.HasTime)
        {
            // A timer may fire before the next reading, and then has to say why. What was never judged is bound when it is:
            // from then on others are looked back on, after a restart as without.
            Bind(it);
        }

        // A machine stays in its state, and what hangs goes on hanging, when only limits and times are others.
        var isRead = it.Judgement is not IStatefulJudgement || memory.Memory.Length == 0;
        if (!isRead && it.Judgement is IStatefulJudgement stateful && (isSame || (stateful.OutlivesEdits && memory.Kind == it.Rule.Kind)))
        {
            var reader = new StateReader(memory.Memory);
            isRead = stateful.Read(ref reader);
            stateful.Recall(it.Track.At(it.Track.Time));
        }

        if (!isSame && memory.Failed is { } failed)
        {
            // The rule was edited: it is tried again.
            outcome.Transitions.Add(failed with { Kind = TransitionKind.Ended, Reason = EndReason.RuleChanged, Time = now });
        }

        if (it.Flap is { } flap && it.FlappingRule?.Id != flap.Rule)
        {
            // Nobody watches it any more.
            outcome.Transitions.Add(flap with { Kind = TransitionKind.Ended, Reason = EndReason.RuleChanged, Time = now });
            it.Flap = null;
            _marks.Add(it);
            if (isSame && it.Raised is { HiddenBy.Length: > 0 })
            {
                // What flapping hid is told when nobody asks for that any more.
                _judge.Changed(it, now, outcome);
            }
        }

        if (isSame && verdicts is not null && it.Judgement is not null
            && VerdictsOf(it) is var after && !after.AsSpan().SequenceEqual(verdicts))
        {
            // The rule asks the same of a device that is described otherwise now.
            JudgeAnew(it, verdicts, after, now, outcome);
            lines.Add(it.State == RuleState.Normal
                ? new RuleReceiptLine(it.Rule.Id, it.Track.Series.Name, memory.Stood, RuleFate.Reset, "what it asks does not hold of the device as it is described now")
                : Kept(it, memory));
            return;
        }

        if (isSame)
        {
            if (memory.IsActive)
            {
                lines.Add(isRead ? Kept(it, memory) : Kept(it, memory) with
                {
                    Why = "the rule asks the same; what it had learned was written by an older version, so it learns anew",
                });
            }

            return;
        }

        _marks.Add(it);
        if (memory.IsActive)
        {
            _binding.Steps.Refill();
            lines.Add(JudgeAnew(it, memory, isRead, now, outcome));
        }
    }

    private static RuleReceiptLine Kept(RuleInstance it, InstanceState memory) =>
        new(it.Rule.Id, it.Track.Series.Name, memory.Stood, RuleFate.Kept, "the rule asks the same");

    /// <summary>The rule asks something else now: what does not hold by the last values does not go on.</summary>
    private RuleReceiptLine JudgeAnew(RuleInstance it, InstanceState memory, bool remembers, Timestamp now, RuleOutcome outcome)
    {
        var verdicts = VerdictsOf(it);
        var holds = true;
        for (var i = 0; i < it.Levels.Length; i++)
        {
            ref var level = ref it.Levels[i];
            // What has to learn anew cannot say that it still holds.
            var isOver = it.Judgement is null || !remembers || verdicts[i] == Truth.True;
            if (isOver && level.State != RuleState.Normal)
            {
                level = LevelState.Normal;
                holds = false;
            }
        }

        if (it.Silent && !it.IsSilentAt(it.Track.Time + (now - it.Track.ReceivedAt)))
        {
            it.Silent = false;
            holds = false;
        }

        _judge.Changed(it, now, outcome);
        var fate = it.State == RuleState.Normal ? RuleFate.Reset : RuleFate.Kept;
        var why = fate == RuleFate.Kept ? "what it asks now holds too"
            : it.Problem.Length > 0 ? $"it is set aside: {it.Problem}"
            : memory.Kind != it.Rule.Kind ? $"it is of another kind now: {it.Rule.Kind} in place of {memory.Kind}"
            : !remembers ? "it learns anew what it asks now"
            : holds ? "it has no level of that severity any more" : "what it asks now does not hold";
        return new RuleReceiptLine(it.Rule.Id, it.Track.Series.Name, memory.Stood, fate, why);
    }

    private sealed record CarriedState(string Rule, string Subject, byte[] Key, byte[] Bytes, InstanceState? State)
    {
        /// <summary>What its condition said of the last value before an edit; null when that is not known, or its device has the attributes it had.</summary>
        public Truth[]? Verdicts { get; init; }
    }
}
