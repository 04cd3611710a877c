using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Rules;

/// <summary>
/// Reads rows of the first format, in which every row was written as it changed and a rule had one level: an upgrade keeps what
/// pends and fires. It is never written; the first checkpoint replaces what has changed since.
/// </summary>
internal static class FormerState
{
    /// <summary>The version byte of its rows.</summary>
    public const byte Version = 1;

    private const int ChannelsMax = 1000;
    private const int IntervalsMax = 8;

    /// <summary>True when a row is of that format.</summary>
    public static bool Is(ReadOnlySpan<byte> row) => row is [Version, ..];

    /// <summary>What a rule is called in such a row; null for one that it could not say.</summary>
    public static ulong? Judgement(Rule rule)
    {
        var isPlain = rule is { Scope: RuleScope.Series, Levels.Count: 1, Times: null, Schedule: null, AnyQuality: false }
            && rule.KeepFiringFor == TimeSpan.Zero;
        var text = $"{rule.Id}\n{rule.Kind}\n{rule.Match.Canonical()}\n{rule.Condition}\n{rule.For.Ticks}\n{rule.Missing}\n{rule.MissingAfter?.Ticks}";
        return isPlain ? BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text))) : null;
    }

    /// <summary>Reads what pends or fires; null when it is none of ours.</summary>
    /// <param name="row">The row.</param>
    /// <param name="rule">The rule's id, from the key.</param>
    /// <param name="subject">The series.</param>
    public static InstanceState? ReadInstance(byte[] row, string rule, Series subject)
    {
        var reader = new StateReader(row, Version);
        var (judgement, state, isSilent, since) = (reader.Word(), (RuleState)reader.Byte(), reader.Byte() != 0, reader.Time());
        var raised = state == RuleState.Firing ? ReadRaised(ref reader, rule, subject, since) : null;
        if (!reader.IsComplete || state is not (RuleState.Pending or RuleState.Firing))
        {
            return null;
        }

        // What fired for silence has no level that is bad.
        var level = isSilent ? LevelState.Normal : LevelState.Normal with { State = state, Since = since };
        return new InstanceState
        {
            Judgement = judgement,
            Kind = "threshold",
            Levels = [(raised?.Severity ?? Severity.None, level)],
            Silent = isSilent,
            RaisedAt = raised?.Time ?? Timestamp.None,
            JudgedAt = Timestamp.None,
            Raised = raised,
            Failed = null,
            Changes = [],
            Flap = null,
            HeldUntil = Timestamp.None,
            RevealAt = Timestamp.None,
            Memory = [],
        };
    }

    /// <summary>Reads a series' clock, its last values and its last intervals, the oldest first; null when it is none of ours.</summary>
    public static (Tracks.TrackClock Clock, double Latest, double Previous, TimeSpan[] Intervals)? ReadSeries(byte[] row)
    {
        var reader = new StateReader(row, Version);
        var flags = reader.Byte();
        var clock = new Tracks.TrackClock(reader.Time(), reader.Time(), (flags & 1) != 0, (flags & 2) != 0);
        var (latest, previous, count) = (reader.Number(), reader.Number(), reader.Byte());
        var intervals = new TimeSpan[Math.Min(count, (byte)IntervalsMax)];
        for (var i = 0; i < intervals.Length; i++)
        {
            intervals[i] = reader.Time() - new Timestamp(0);
        }

        return reader.IsComplete && count <= IntervalsMax ? (clock, latest, previous, intervals) : null;
    }

    private static Transition ReadRaised(ref StateReader reader, string rule, Series subject, Timestamp since)
    {
        var (version, severity, isHistorical, time) = (reader.Text(), (Severity)reader.Byte(), reader.Byte() != 0, reader.Time());
        var (value, summary, explanation) = (reader.Number(), reader.Text(), reader.Text());
        _ = int.TryParse(reader.Text(), NumberStyles.None, CultureInfo.InvariantCulture, out var count);
        var notify = new List<string>();
        for (var i = 0; i < Math.Min(count, ChannelsMax); i++)
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
            Historical = isHistorical,
            Summary = summary,
            Explanation = explanation,
            Notify = notify,
        };
    }
}
