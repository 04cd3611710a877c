using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Kinds;

namespace IotEvents.Gateway.Rules;

/// <summary>What is kept of a rule with a series, device or group.</summary>
internal sealed record InstanceState
{
    private const int LevelsMax = 8;
    private const int ChannelsMax = 1000;

    /// <summary>The version of the rule it belongs to.</summary>
    public required ulong Judgement { get; init; }

    /// <summary>The rule's kind.</summary>
    public required string Kind { get; init; }

    /// <summary>Where each level stood, with the severity it had.</summary>
    public required IReadOnlyList<(Severity Severity, LevelState State)> Levels { get; init; }

    /// <summary>True when it fired because of silence.</summary>
    public required bool Silent { get; init; }

    /// <summary>When it last began to fire.</summary>
    public required Timestamp RaisedAt { get; init; }

    /// <summary>Up to when time itself had been judged.</summary>
    public required Timestamp JudgedAt { get; init; }

    /// <summary>What was said when it began to fire; null when it did not.</summary>
    public required Transition? Raised { get; init; }

    /// <summary>Which level the alert is about, where none or another one fires by now; null where that need not be kept.</summary>
    public int? RaisedLevel { get; init; }

    /// <summary>What was said when it failed; null when it did not.</summary>
    public required Transition? Failed { get; init; }

    /// <summary>When it raised and ended of late.</summary>
    public required IReadOnlyList<Timestamp> Changes { get; init; }

    /// <summary>The notice that it flaps; null when it did not.</summary>
    public required Transition? Flap { get; init; }

    /// <summary>When the condition may change by itself, where that was foreseen from what others said then; null where it need not be kept.</summary>
    public Timestamp? ChangesAt { get; init; }

    /// <summary>Until when its silence waited for a parent's.</summary>
    public required Timestamp HeldUntil { get; init; }

    /// <summary>When a hidden silence was to be told.</summary>
    public required Timestamp RevealAt { get; init; }

    /// <summary>What the condition itself remembered; empty when nothing.</summary>
    public required byte[] Memory { get; init; }

    /// <summary>True when something pends or fires.</summary>
    public bool IsActive => Raised is not null || Levels.Any(level => level.State.State != RuleState.Normal);

    /// <summary>Where it stood as a whole.</summary>
    public RuleState Stood => Raised is not null ? RuleState.Firing
        : Levels.Any(level => level.State.State == RuleState.Pending) ? RuleState.Pending : RuleState.Normal;

    /// <summary>Of an instance as it is now.</summary>
    public static InstanceState Of(RuleInstance it)
    {
        var memory = new StateWriter();
        (it.Judgement as IStatefulJudgement)?.Write(memory);
        return new InstanceState
        {
            Judgement = it.Rule.Judgement,
            Kind = it.Rule.Kind,
            Levels = [.. it.Levels.Select((state, i) => (it.Rule.Levels[i].Severity, state))],
            Silent = it.Silent,
            RaisedAt = it.RaisedAt,
            JudgedAt = it.JudgedAt,
            Raised = it.Raised,
            RaisedLevel = it.Raised is not null && it.RaisedLevel != it.FiringLevel ? it.RaisedLevel : null,
            Failed = it.Failed,
            Changes = [.. it.Changes],
            Flap = it.Flap,
            ChangesAt = it.Foresees ? it.ChangesAt : null,
            HeldUntil = it.HeldUntil,
            RevealAt = it.RevealAt,
            Memory = it.Judgement is IStatefulJudgement ? memory.ToArray() : [],
        };
    }

    /// <summary>The bytes to keep.</summary>
    public byte[] Write()
    {
        var writer = new StateWriter();
        writer.Word(Judgement);
        writer.Text(Kind);
        writer.Byte((byte)((Silent ? 1 : 0) | (Raised is null ? 0 : 2) | (Failed is null ? 0 : 4) | (Flap is null ? 0 : 8)
            | (ChangesAt is null ? 0 : 16) | (RaisedLevel is null ? 0 : 32)));
        writer.Time(RaisedAt);
        writer.Time(JudgedAt);
        writer.Byte((byte)Levels.Count);
        foreach (var (severity, level) in Levels)
        {
            writer.Byte((byte)severity);
            writer.Byte((byte)level.State);
            writer.Time(level.Since);
            writer.Time(level.GoodSince);
            writer.Word(level.Bad);
        }

        foreach (var said in new[] { Raised, Failed, Flap }.OfType<Transition>())
        {
            WriteRaised(writer, said);
        }

        if (ChangesAt is { } changesAt)
        {
            writer.Time(changesAt);
        }

        if (RaisedLevel is { } raisedLevel)
        {
            writer.Byte((byte)(raisedLevel - RuleInstance.SilenceLevel));
        }

        writer.Time(HeldUntil);
        writer.Time(RevealAt);
        writer.Byte((byte)Changes.Count);
        foreach (var change in Changes)
        {
            writer.Time(change);
        }

        writer.Blob(Memory);
        return writer.ToArray();
    }

    /// <summary>Reads them; null when they are not of this version.</summary>
    /// <param name="bytes">What <see cref="Write"/> gave.</param>
    /// <param name="subject">The series, or what stands for the device or group.</param>
    public static InstanceState? Read(byte[] bytes, Series subject)
    {
        var reader = new StateReader(bytes);
        var (judgement, kind, flags) = (reader.Word(), reader.Text(), reader.Byte());
        var (raisedAt, judgedAt) = (reader.Time(), reader.Time());
        var levels = new List<(Severity, LevelState)>();
        int count = reader.Byte();
        for (var i = 0; i < Math.Min(count, LevelsMax); i++)
        {
            levels.Add(((Severity)reader.Byte(), new LevelState
            {
                State = (RuleState)reader.Byte(),
                Since = reader.Time(),
                GoodSince = reader.Time(),
                Bad = reader.Word(),
            }));
        }

        var raised = (flags & 2) != 0 ? ReadRaised(ref reader, subject) : null;
        var failed = (flags & 4) != 0 ? ReadRaised(ref reader, subject) : null;
        var flap = (flags & 8) != 0 ? ReadRaised(ref reader, subject) : null;
        Timestamp? changesAt = (flags & 16) != 0 ? reader.Time() : null;
        int? raisedLevel = (flags & 32) != 0 ? reader.Byte() + RuleInstance.SilenceLevel : null;
        var (heldUntil, revealAt) = (reader.Time(), reader.Time());
        var changes = new List<Timestamp>();
        for (int left = reader.Byte(); left > 0; left--)
        {
            changes.Add(reader.Time());
        }

        var memory = reader.Blob();
        var isOurs = reader.IsComplete && count <= LevelsMax
            && levels.TrueForAll(level => level.Item2.State is >= RuleState.Normal and <= RuleState.Firing);
        return !isOurs ? null : new InstanceState
        {
            Judgement = judgement,
            Kind = kind,
            Levels = levels,
            Silent = (flags & 1) != 0,
            RaisedAt = raisedAt,
            JudgedAt = judgedAt,
            Raised = raised,
            RaisedLevel = raisedLevel,
            Failed = failed,
            Changes = changes,
            Flap = flap,
            ChangesAt = changesAt,
            HeldUntil = heldUntil,
            RevealAt = revealAt,
            Memory = memory,
        };
    }

    private static void WriteRaised(StateWriter writer, Transition raised)
    {
        writer.Text(raised.Rule);
        writer.Text(raised.RuleVersion);
        writer.Byte((byte)raised.Severity);
        writer.Byte(raised.Historical ? (byte)1 : (byte)0);
        writer.Text(raised.HiddenBy);
        writer.Time(raised.Time);
        writer.Time(raised.Since);
        writer.Number(raised.Value);
        writer.Text(raised.Summary);
        writer.Text(raised.Explanation);
        writer.Word((ulong)raised.Notify.Count);
        foreach (var channel in raised.Notify)
        {
            writer.Text(channel);
        }
    }

    private static Transition ReadRaised(ref StateReader reader, Series subject)
    {
        var (rule, version) = (reader.Text(), reader.Text());
        var (severity, historical, hiddenBy) = ((Severity)reader.Byte(), reader.Byte() != 0, reader.Text());
        var (time, since, value) = (reader.Time(), reader.Time(), reader.Number());
        var (summary, explanation) = (reader.Text(), reader.Text());
        var count = reader.Word();
        var notify = new List<string>();
        for (ulong i = 0; i < Math.Min(count, ChannelsMax); i++)
        {
            notify.Add(reader.Text());
        }

        return new Transition
        {
            Rule = rule,
            RuleVersion = version,
            Series = subject,
            Kind = TransitionKind.Raised,
            Severity = severity,
            Time = time,
            Since = since,
            RaisedAt = time,
            Value = value,
            Historical = historical,
            HiddenBy = hiddenBy,
            Summary = summary,
            Explanation = explanation,
            Notify = notify,
        };
    }
}
