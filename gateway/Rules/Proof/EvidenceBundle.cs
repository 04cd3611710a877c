using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Rules.Proof;

/// <summary>Evidence of one raise. Instants are nanoseconds since 1970-01-01T00:00:00Z; null where there is none.</summary>
internal sealed record EvidenceBundle
{
    /// <summary>What <see cref="Format"/> always is.</summary>
    public const string FormatName = "iotevents-evidence";

    /// <summary>The version that is written, and the newest that can be read.</summary>
    public const int VersionNow = 2;

    public required string Format { get; init; }

    /// <summary>Grows when an older program would misread what is new.</summary>
    public required int Version { get; init; }

    /// <summary>What was decided.</summary>
    public required EvidenceDecision Decision { get; init; }

    public required EvidenceRule Rule { get; init; }

    /// <summary>What made the rule be judged.</summary>
    public required EvidenceTrigger Trigger { get; init; }

    /// <summary>The series, device or group that was judged.</summary>
    public required EvidenceSubject Subject { get; init; }

    /// <summary>What the rule remembered of it before.</summary>
    public required EvidenceState Before { get; init; }

    /// <summary>What it remembered afterwards.</summary>
    public required EvidenceState After { get; init; }

    /// <summary>Where the rule failed; null when it did not, and the decision is a verdict.</summary>
    public EvidenceFailure? Failure { get; init; }

    /// <summary>What a notice that a rule flaps was decided from; null for every other alert.</summary>
    public EvidenceFlapping? Flapping { get; init; }

    /// <summary>What the condition itself remembered, a baseline or a state, in its own bytes; null when nothing.</summary>
    public byte[]? Memory { get; init; }

    /// <summary>The series that the condition could look at: groups in their order, its own, then those it names.</summary>
    public required IReadOnlyList<EvidenceSeries> Series { get; init; }

    /// <summary>What the settings said of their devices.</summary>
    public required IReadOnlyList<EvidenceDevice> Devices { get; init; }

    /// <summary>Series that are not here, because the evidence would be too large.</summary>
    public int SeriesLeftOut { get; init; }

    /// <summary>The setting <c>rules.steps_max</c>.</summary>
    public required int StepsMax { get; init; }

    /// <summary>The setting <c>rules.false_absence_per</c>, in days.</summary>
    public required double FalseAbsencePerDays { get; init; }
}

internal sealed record EvidenceFailure
{
    /// <summary>False when it failed while the condition took in what came.</summary>
    public required bool HasObserved { get; init; }
}

internal sealed record EvidenceFlapping
{
    /// <summary>The id of the rule that flaps.</summary>
    public required string Rule { get; init; }

    /// <summary>When it raised and ended, the oldest first.</summary>
    public required long[] Changes { get; init; }
}

internal sealed record EvidenceDecision
{
    public required string Severity { get; init; }
    public required long Time { get; init; }
    public required long Since { get; init; }

    /// <summary>In the unit of the subject; NaN when it has none, as a device has not.</summary>
    public required double Value { get; init; }

    public required string Summary { get; init; }
    public required string Explanation { get; init; }
    public required bool Historical { get; init; }

    /// <summary>What hides it, a fact about other rules that is not judged again; null when nothing does.</summary>
    public string? HiddenBy { get; init; }
}

internal sealed record EvidenceRule
{
    public required string Id { get; init; }
    public required string Version { get; init; }

    /// <summary>A rules file with nothing but the rule.</summary>
    public required string Text { get; init; }
}

internal sealed record EvidenceTrigger
{
    public required Trigger By { get; init; }

    /// <summary>The event time at which the rule was judged.</summary>
    public required long Time { get; init; }

    /// <summary>The series whose reading it was; null when it was none.</summary>
    public string? Series { get; init; }

    public double? Value { get; init; }
    public string? Unit { get; init; }
    public long? ReceivedAt { get; init; }

    /// <summary>What is known against the reading, as the flags are called; <c>Good</c> when nothing.</summary>
    public string? Quality { get; init; }
}

internal sealed record EvidenceSubject
{
    /// <summary>Its name, with the mark of its track.</summary>
    public required string Name { get; init; }

    public required RuleScope Scope { get; init; }

    /// <summary>The clock of a device or group; that of a series stands with the series.</summary>
    public EvidenceClock? Clock { get; init; }

    /// <summary>True when a reading of the same moment had been judged before; null when not.</summary>
    public bool? Again { get; init; }

    /// <summary>The series by whose cadence the silence of a device or group is measured; null when none is.</summary>
    public string? Pace { get; init; }
}

internal sealed record EvidenceClock
{
    public required long Time { get; init; }
    public required long ReceivedAt { get; init; }

    /// <summary>True when the last reading was far in the past as it came.</summary>
    public required bool Historical { get; init; }

    /// <summary>True when the gateway's clock was not set.</summary>
    public required bool Untrusted { get; init; }

    /// <summary>How much of the time since then the gateway could hear nobody, in units of 100 ns; null when it always could.</summary>
    public long? Unheard { get; init; }
}

internal sealed record EvidenceState
{
    public required IReadOnlyList<EvidenceLevel> Levels { get; init; }
    public required bool Silent { get; init; }
    public long? RaisedAt { get; init; }
    public long? JudgedAt { get; init; }
    public long? ChangesAt { get; init; }

    /// <summary>When the rule's schedule would have ended what pends or fires.</summary>
    public long? ClosesAt { get; init; }

    /// <summary>Until when silence waited, because the device's parent might be silent too.</summary>
    public long? HeldUntil { get; init; }

    /// <summary>When a silence that was hidden was to be told.</summary>
    public long? RevealAt { get; init; }

    /// <summary>The alert that fired; null when none did.</summary>
    public EvidenceRaised? Raised { get; init; }
}

internal sealed record EvidenceRaised
{
    public required string Severity { get; init; }
    public required int Level { get; init; }
    public required long Time { get; init; }
    public required long Since { get; init; }
    public required bool Historical { get; init; }

    /// <summary>What hid it; null when nothing did.</summary>
    public string? HiddenBy { get; init; }
}

internal sealed record EvidenceLevel
{
    public required RuleState State { get; init; }
    public long? Since { get; init; }
    public long? GoodSince { get; init; }

    /// <summary>Which of the last readings were bad, the lowest bit the last; only with <c>times</c>.</summary>
    public ulong Bad { get; init; }
}

internal sealed record EvidenceSeries
{
    public required string Device { get; init; }
    public required string Metric { get; init; }
    public required string Unit { get; init; }

    /// <summary>Empty; <c>any</c> when readings of bad quality are among them; <c>late</c> for readings that came too late.</summary>
    public string Mark { get; init; } = "";

    /// <summary>Null when nothing usable has come yet.</summary>
    public EvidenceClock? Clock { get; init; }

    public double Latest { get; init; }
    public double Previous { get; init; }

    /// <summary>The silence that counts as such, as it was learned, in seconds; null when it was not.</summary>
    public double? LearnedSilence { get; init; }

    /// <summary>What it was learned from, in bytes of its own; null when nothing was.</summary>
    public byte[]? Cadence { get; init; }

    /// <summary>When the readings that were looked back on were measured, the oldest first; null when none are.</summary>
    public long[]? Times { get; init; }

    /// <summary>Their values.</summary>
    public double[]? Values { get; init; }

    /// <summary>Older readings that are not here, because the evidence would be too large.</summary>
    public int LeftOut { get; init; }
}

internal sealed record EvidenceDevice
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required SortedDictionary<string, string> Labels { get; init; }
    public required SortedDictionary<string, EvidenceQuantity> Attributes { get; init; }

    /// <summary>Attributes that were others for a while, in the order of their names; null when none were.</summary>
    public IReadOnlyList<EvidenceOverride>? Overrides { get; init; }
}

internal sealed record EvidenceOverride
{
    public required string Attribute { get; init; }
    public required EvidenceQuantity Value { get; init; }
    public required long Since { get; init; }
    public required long Until { get; init; }
    public required string Reason { get; init; }
    public required string By { get; init; }
}

internal sealed record EvidenceQuantity(double Value, string Unit)
{
    /// <summary>The same for rules; without a unit when it is none that this program knows.</summary>
    public Quantity ToQuantity() => new(Value, Units.TryParse(Unit, out var unit) ? unit : Devices.Contracts.Unit.None);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(EvidenceBundle))]
internal sealed partial class EvidenceJson : JsonSerializerContext;

/// <summary>How evidence is written and read.</summary>
internal static class EvidenceFormat
{
    /// <summary>Leaves <c>°</c> and <c>&gt;</c> as they are: the bytes are read by people, and are no part of a page.</summary>
    public static EvidenceJson Json { get; } =
        new(new JsonSerializerOptions(EvidenceJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
