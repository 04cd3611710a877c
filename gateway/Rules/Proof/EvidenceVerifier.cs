using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Cadence;

namespace IotEvents.Gateway.Rules.Proof;

/// <summary>Judges evidence again, with nothing but what stands in it, and says whether the same comes out.</summary>
internal static class EvidenceVerifier
{
    /// <summary>The most bytes of a file of evidence that are read.</summary>
    public const int FileBytesMax = 4 * EvidenceWriter.BytesMax;

    /// <summary>Judges it again.</summary>
    /// <param name="json">The evidence, UTF-8.</param>
    [SuppressMessage("Design", "CA1031", Justification = "Border: evidence is foreign, and whatever it makes the rules throw is its own fault.")]
    public static EvidenceVerdict Verify(ReadOnlySpan<byte> json)
    {
        if (Read(json, out var problem, out var mend) is not { } bundle)
        {
            return new EvidenceVerdict(null, problem, mend, []);
        }

        try
        {
            return Judge(bundle);
        }
        catch (Exception error)
        {
            return Refuse(bundle, $"it cannot be judged again: {error.Message}");
        }
    }

    private static EvidenceBundle? Read(ReadOnlySpan<byte> json, out string problem, out string mend)
    {
        (problem, mend) = ("", "");
        try
        {
            using var document = JsonDocument.Parse(json.ToArray());
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("format", out var format)
                || format.ValueKind != JsonValueKind.String || format.GetString() != EvidenceBundle.FormatName)
            {
                (problem, mend) = ("this is no evidence of an alert", "write a file with iotevents alerts explain ID --bundle FILE");
                return null;
            }

            if (!root.TryGetProperty("version", out var version) || !version.TryGetInt32(out var number) || number is < 1 or > EvidenceBundle.VersionNow)
            {
                (problem, mend) = ($"the evidence has the format version {version}; this program reads up to {EvidenceBundle.VersionNow}",
                    "use an iotevents at least as new as the one that wrote it");
                return null;
            }

            return root.Deserialize(EvidenceFormat.Json.EvidenceBundle);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            (problem, mend) = ($"the evidence cannot be read: {error.Message.TrimEnd('.')}", "fetch it again; the file is cut or was changed");
            return null;
        }
    }

    private static EvidenceVerdict Judge(EvidenceBundle bundle)
    {
        var errors = new SettingsErrors();
        var rules = RuleSet.Load([SettingsFile.Parse("the rule in the evidence", bundle.Rule.Text, errors)], errors);
        if (!errors.IsEmpty)
        {
            return Refuse(bundle, $"the rule in it has an error: {errors.All[0].Message}");
        }

        if (rules.Rules is not [var rule])
        {
            return Refuse(bundle, "it does not hold exactly one rule");
        }

        if (bundle.Flapping is { } flapping)
        {
            return JudgeFlapping(bundle, rule, flapping);
        }

        var catalog = new SeriesCatalog();
        foreach (var series in bundle.Series)
        {
            if (!catalog.TryGet($"{series.Device}/{series.Metric}", out _))
            {
                catalog.Restore(catalog.Count, series.Device, series.Metric, UnitOf(series.Unit));
            }
        }

        var options = new RuleEngineOptions
        {
            StepsMax = bundle.StepsMax,
            Cadence = new CadenceOptions { FalseAbsencePer = TimeSpan.FromDays(bundle.FalseAbsencePerDays) },
        };
        var engine = new RuleEngine(rules, catalog, new EvidenceDevices(bundle.Devices), options);
        return engine.Rejudge(bundle, out var problem) is not { } judged ? Refuse(bundle, problem)
            : new EvidenceVerdict(bundle, "", "", [.. Compare(bundle, rule, judged.Instance, judged.Raised).Where(it => it.Then != it.Now)]);
    }

    private static EvidenceVerdict JudgeFlapping(EvidenceBundle bundle, Rule rule, EvidenceFlapping flapping)
    {
        if (rule.Scope != RuleScope.Rules || bundle.Series is not [var one])
        {
            return Refuse(bundle, "its rule does not watch others, or its series is missing");
        }

        var raised = Flapping.Notice(
            rule, flapping.Rule, [.. flapping.Changes.Select(change => new Timestamp(change))],
            new Series(-1, one.Device, one.Metric, UnitOf(one.Unit)), new EvidenceDevices(bundle.Devices),
            bundle.Decision.Value, bundle.Decision.Historical);
        return new EvidenceVerdict(bundle, "", "", [.. Compare(bundle, rule, null, raised).Where(it => it.Then != it.Now)]);
    }

    private static IEnumerable<EvidenceDifference> Compare(EvidenceBundle bundle, Rule rule, RuleInstance? it, Transition? raised)
    {
        yield return new("rule", $"{bundle.Rule.Id} {bundle.Rule.Version}", $"{rule.Id} {rule.Version}");
        if (raised is null)
        {
            yield return new("decision", "raised", "not raised");
            yield break;
        }

        var (then, now) = (bundle.Decision, EvidenceWriter.Decision(raised));
        yield return new("severity", then.Severity, now.Severity);
        yield return new("time", Time(then.Time), Time(now.Time));
        yield return new("since", Time(then.Since), Time(now.Since));
        yield return new("value", Number(then.Value), Number(now.Value));
        yield return new("summary", then.Summary, now.Summary);
        yield return new("explanation", then.Explanation, now.Explanation);
        yield return new("historical", $"{then.Historical}", $"{now.Historical}");
        if (it is null)
        {
            yield break;
        }

        yield return new("levels", Levels(bundle.After.Levels), Levels(EvidenceWriter.Describe(it.Levels)));
        if (bundle.Trigger is { By: Trigger.Reading, Value: { } value } && it.Track is Tracks.SeriesTrack track)
        {
            yield return new("reading", Number(value), Number(track.Latest));
        }
    }

    private static string Levels(IReadOnlyList<EvidenceLevel> levels) => string.Join(", ", levels.Select(it =>
        $"{it.State}{(it.Since is { } since ? $" since {Time(since)}" : "")}{(it.Bad == 0 ? "" : $" bad {it.Bad:x}")}"));

    private static EvidenceVerdict Refuse(EvidenceBundle bundle, string problem) =>
        new(bundle, problem, "compare it with what the gateway holds: iotevents alerts explain ID --bundle FILE", []);

    // With every nanosecond: what differs must be seen.
    private static string Time(long nanoseconds)
    {
        var time = new Timestamp(nanoseconds);
        return nanoseconds % 100 == 0 ? $"{time}" : $"{time} ({nanoseconds})";
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static Unit UnitOf(string symbol) => Units.TryParse(symbol, out var unit) ? unit : Unit.None;

    /// <summary>The devices as the settings described them then.</summary>
    private sealed class EvidenceDevices(IReadOnlyList<EvidenceDevice> devices) : IDeviceDirectory
    {
        private readonly Dictionary<string, DeviceDescription> _devices = devices.DistinctBy(it => it.Id).ToDictionary(it => it.Id, it => new DeviceDescription
        {
            Id = it.Id,
            Name = it.Name,
            Labels = it.Labels,
            Attributes = it.Attributes.ToDictionary(pair => pair.Key, pair => pair.Value.ToQuantity()),
        });

        public DeviceDescription Find(string device) =>
            _devices.GetValueOrDefault(device) ?? new DeviceDescription { Id = device, Name = device };
    }
}
