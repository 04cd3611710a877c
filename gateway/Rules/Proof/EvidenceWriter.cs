using System.Text.Json;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Binding;
using IotEvents.Gateway.Rules.Kinds;
using IotEvents.Gateway.Rules.Tracks;

namespace IotEvents.Gateway.Rules.Proof;

/// <summary>Writes down all that a raise was decided from. The same decision gives the same bytes.</summary>
internal sealed class EvidenceWriter(RuleBinding binding, OverrideBook overrides, RuleEngineOptions options)
{
    /// <summary>The most bytes of evidence; beyond that the oldest readings are left out first, then series.</summary>
    public const int BytesMax = 256 * 1024;

    /// <summary>The most readings of one series.</summary>
    public const int ReadingsMax = 1_000;

    private const int SeriesMax = 256;

    /// <summary>The evidence of a raise that has just been decided.</summary>
    /// <param name="it">As it stands now.</param>
    /// <param name="before">How it stood.</param>
    /// <param name="raised">What it says.</param>
    public Evidence Write(RuleInstance it, StateBefore before, Transition raised)
    {
        var seen = binding.SeenBy(it).ToList();
        for (var (readings, series) = (ReadingsMax, Math.Min(SeriesMax, seen.Count)); ;)
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(Describe(it, before, raised, seen, series, readings), EvidenceFormat.Json.EvidenceBundle);
            if (json.Length <= BytesMax)
            {
                return new Evidence(json);
            }

            if (readings == 0 && series == 0)
            {
                // The rule alone is larger than that.
                return default;
            }

            (readings, series) = readings > 0 ? (readings / 2, series) : (0, series / 2);
        }
    }

    /// <summary>The evidence of a notice that a rule flaps.</summary>
    /// <param name="it">What flaps.</param>
    /// <param name="rule">The rule that watches it.</param>
    /// <param name="notice">What it says.</param>
    public Evidence WriteFlapping(RuleInstance it, Rule rule, Transition notice)
    {
        var (series, nothing) = (it.Track.Series, new EvidenceState { Levels = [], Silent = false });
        return new Evidence(JsonSerializer.SerializeToUtf8Bytes(
            new EvidenceBundle
            {
                Format = EvidenceBundle.FormatName,
                Version = EvidenceBundle.VersionNow,
                Decision = Decision(notice),
                Rule = new EvidenceRule { Id = rule.Id, Version = rule.Version, Text = rule.Text },
                Trigger = new EvidenceTrigger { By = Trigger.Alerts, Time = notice.Time.Nanoseconds },
                Subject = new EvidenceSubject { Name = it.Track.KeyName, Scope = it.Rule.Scope },
                Before = nothing,
                After = nothing,
                Flapping = new EvidenceFlapping { Rule = it.Rule.Id, Changes = [.. it.Changes.Select(change => change.Nanoseconds)] },
                Series = [new EvidenceSeries { Device = series.Device, Metric = series.Metric, Unit = series.Unit.Symbol }],
                Devices = [Describe(series.Device)],
                StepsMax = options.StepsMax,
                FalseAbsencePerDays = options.Cadence.FalseAbsencePer.TotalDays,
            },
            EvidenceFormat.Json.EvidenceBundle));
    }

    private EvidenceBundle Describe(RuleInstance it, StateBefore before, Transition raised, List<SeriesTrack> seen, int series, int readings) => new()
    {
        Format = EvidenceBundle.FormatName,
        Version = EvidenceBundle.VersionNow,
        Decision = Decision(raised),
        Rule = new EvidenceRule { Id = it.Rule.Id, Version = it.Rule.Version, Text = it.Rule.Text },
        Failure = raised == it.Failed ? new EvidenceFailure { HasObserved = before.HasObserved } : null,
        Trigger = Describe(it, before.Trigger, raised == it.Failed ? before.DueAt : raised.Time),
        Subject = new EvidenceSubject
        {
            Name = it.Track.KeyName,
            Scope = it.Rule.Scope,
            Clock = it.Track is SubjectTrack ? Clock(it.Track) : null,
            Again = it.Track.IsAgain ? true : null,
            Pace = (it.Track as SubjectTrack)?.Pace?.Series.Name,
        },
        Before = new EvidenceState
        {
            Levels = Describe(before.Levels),
            Silent = before.Silent,
            RaisedAt = Word(before.RaisedAt),
            JudgedAt = Word(before.JudgedAt),
            ChangesAt = Word(before.ChangesAt),
            ClosesAt = Word(before.TurnsAt),
            HeldUntil = Word(before.HeldUntil),
            RevealAt = Word(before.RevealAt),
            Raised = Describe(before.Raised, before.RaisedLevel),
        },
        After = new EvidenceState
        {
            Levels = Describe(it.Levels),
            Silent = it.Silent,
            RaisedAt = Word(it.RaisedAt),
            JudgedAt = Word(it.JudgedAt),
            Raised = Describe(raised, it.RaisedLevel),
        },
        Memory = Memory(it),
        Series = [.. seen.Take(series).Select(track => Describe(track, readings))],
        Devices = [.. seen.Take(series).Select(track => track.Series.Device).Append(it.Track.Series.Device).Distinct().Select(Describe)],
        SeriesLeftOut = seen.Count - series,
        StepsMax = options.StepsMax,
        FalseAbsencePerDays = options.Cadence.FalseAbsencePer.TotalDays,
    };

    /// <summary>What was said, in the words of evidence.</summary>
    public static EvidenceDecision Decision(Transition raised) => new()
    {
        Severity = raised.Severity.Name(),
        Time = raised.Time.Nanoseconds,
        Since = raised.Since.Nanoseconds,
        Value = raised.Value,
        Summary = raised.Summary,
        Explanation = raised.Explanation,
        Historical = raised.Historical,
        HiddenBy = raised.HiddenBy.Length == 0 ? null : raised.HiddenBy,
    };

    /// <summary>Where levels stand, in the words of evidence.</summary>
    public static IReadOnlyList<EvidenceLevel> Describe(ReadOnlySpan<LevelState> levels)
    {
        var described = new List<EvidenceLevel>(levels.Length);
        foreach (ref readonly var level in levels)
        {
            described.Add(new EvidenceLevel
            {
                State = level.State,
                Since = Word(level.Since),
                GoodSince = Word(level.GoodSince),
                Bad = level.Bad,
            });
        }

        return described;
    }

    private static EvidenceRaised? Describe(Transition? raised, int level) => raised is null ? null : new EvidenceRaised
    {
        Severity = raised.Severity.Name(),
        Level = level,
        Time = raised.RaisedAt.Nanoseconds,
        Since = raised.Since.Nanoseconds,
        Historical = raised.Historical,
        HiddenBy = raised.HiddenBy.Length == 0 ? null : raised.HiddenBy,
    };

    private static EvidenceTrigger Describe(RuleInstance it, Trigger by, Timestamp time)
    {
        var from = by != Trigger.Reading ? null : (it.Track as SubjectTrack)?.From ?? it.Track as SeriesTrack;
        return new EvidenceTrigger
        {
            By = by,
            Time = by == Trigger.Reading ? it.Track.Time.Nanoseconds : time.Nanoseconds,
            Series = from?.Series.Name,
            Value = from?.Latest,
            Unit = from?.Series.Unit.Symbol,
            ReceivedAt = from?.LatestReceivedAt.Nanoseconds,
            Quality = from?.LatestQuality.ToString(),
        };
    }

    private static byte[]? Memory(RuleInstance it)
    {
        if (it.Judgement is not IStatefulJudgement stateful)
        {
            return null;
        }

        var writer = new StateWriter();
        stateful.Write(writer);
        return writer.ToArray();
    }

    private static EvidenceSeries Describe(SeriesTrack track, int readings)
    {
        var points = track.Points is { } ring ? ring.All : default;
        var kept = Math.Min(points.Count, readings);
        var cadence = track.WriteCadence();
        return new EvidenceSeries
        {
            Device = track.Series.Device,
            Metric = track.Series.Metric,
            Unit = track.Series.Unit.Symbol,
            Mark = track.Mark.TrimStart('\0'),
            Clock = track.HasTime ? Clock(track) : null,
            Latest = track.Latest,
            Previous = track.Previous,
            LearnedSilence = track.LearnedSilence?.TotalSeconds,
            Cadence = cadence.Length == 0 ? null : cadence,
            Times = track.Points is null ? null : points.Times[(points.Count - kept)..].ToArray(),
            Values = track.Points is null ? null : points.Values[(points.Count - kept)..].ToArray(),
            LeftOut = points.Count - kept,
        };
    }

    private static EvidenceClock Clock(Track track) => new()
    {
        Time = track.Time.Nanoseconds,
        ReceivedAt = track.ReceivedAt.Nanoseconds,
        Historical = track.IsHistorical,
        Untrusted = track.IsUntrusted,
        Unheard = track.Unheard == TimeSpan.Zero ? null : track.Unheard.Ticks,
    };

    private EvidenceDevice Describe(string id)
    {
        var device = binding.Devices.Find(id);
        return new EvidenceDevice
        {
            Id = id,
            Name = device.Name,
            Labels = new(device.Labels.ToDictionary(), StringComparer.Ordinal),
            Attributes = new(
                device.Attributes.ToDictionary(it => it.Key, it => Describe(it.Value)), StringComparer.Ordinal),
            Overrides = overrides.Of(id) is { Count: > 0 } inForce ? [.. inForce.Select(Describe)] : null,
        };
    }

    private static EvidenceOverride Describe(AttributeOverride it) => new()
    {
        Attribute = it.Attribute,
        Value = Describe(it.Value),
        Since = it.Since.Nanoseconds,
        Until = it.Until.Nanoseconds,
        Reason = it.Reason,
        By = it.By,
    };

    private static EvidenceQuantity Describe(Quantity it) => new(it.Value, it.Unit.Symbol);

    private static long? Word(Timestamp time) => time.HasValue ? time.Nanoseconds : null;
}
