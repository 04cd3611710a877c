using System.Text.Json;
using System.Text.Json.Serialization;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Alerts;

/// <summary>Writes alerts and outbox entries as rows of keyed state (JSON with a version), and reads them back.</summary>
internal static class AlertRows
{
    private const int Version = 1;

    public static byte[] Write(Alert alert) => JsonSerializer.SerializeToUtf8Bytes(Row(alert), RowJson.Default.AlertRow);

    public static byte[] Write(OutboxEntry entry) => JsonSerializer.SerializeToUtf8Bytes(Row(entry), RowJson.Default.EntryRow);

    /// <exception cref="InvalidDataException">Not a row this version can read.</exception>
    public static Alert ReadAlert(byte[] row) => Alert(Read(row, RowJson.Default.AlertRow, r => r.V));

    /// <exception cref="InvalidDataException">Not a row this version can read.</exception>
    public static OutboxEntry ReadEntry(byte[] row) => Entry(Read(row, RowJson.Default.EntryRow, r => r.V));

    public static byte[] WriteChannels(IEnumerable<string> channels) =>
        JsonSerializer.SerializeToUtf8Bytes(new ChannelsRow { V = Version, Channels = [.. channels] }, RowJson.Default.ChannelsRow);

    /// <exception cref="InvalidDataException">Not a row this version can read.</exception>
    public static string[] ReadChannels(byte[] row) => Read(row, RowJson.Default.ChannelsRow, r => r.V).Channels;

    private static T Read<T>(
        byte[] row, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, Func<T, int> version)
        where T : class
    {
        try
        {
            var read = JsonSerializer.Deserialize(row, type) ?? throw new InvalidDataException("The row is null.");
            return version(read) == Version
                ? read
                : throw new InvalidDataException($"The row has version {version(read)}; this program reads {Version}.");
        }
        catch (JsonException problem)
        {
            throw new InvalidDataException("The row is not the JSON of this room.", problem);
        }
    }

    private static AlertRow Row(Alert a) => new()
    {
        V = Version,
        Id = a.Id,
        Rule = a.Rule,
        RuleVersion = a.RuleVersion,
        Device = a.Device,
        Metric = a.Metric,
        Unit = a.Unit,
        Severity = a.Severity,
        State = a.State,
        Since = a.Since.Nanoseconds,
        RaisedAt = a.RaisedAt.Nanoseconds,
        RaiseRecordedAt = a.RaiseRecordedAt.Nanoseconds,
        EndedAt = a.EndedAt.Nanoseconds,
        EndRecordedAt = a.EndRecordedAt.Nanoseconds,
        Reason = a.Reason,
        Value = a.Value,
        Summary = a.Summary,
        Explanation = a.Explanation,
        RaiseExplanation = a.RaiseExplanation,
        Historical = a.Historical,
        HiddenBy = a.HiddenBy,
        Channels = [.. a.Channels],
    };

    private static Alert Alert(AlertRow r) => new()
    {
        Id = r.Id,
        Rule = r.Rule,
        RuleVersion = r.RuleVersion,
        Device = r.Device,
        Metric = r.Metric,
        Unit = r.Unit,
        Severity = r.Severity,
        State = r.State,
        Since = new Timestamp(r.Since),
        RaisedAt = new Timestamp(r.RaisedAt),
        RaiseRecordedAt = new Timestamp(r.RaiseRecordedAt),
        EndedAt = new Timestamp(r.EndedAt),
        EndRecordedAt = new Timestamp(r.EndRecordedAt),
        Reason = r.Reason,
        Value = r.Value,
        Summary = r.Summary,
        Explanation = r.Explanation,
        RaiseExplanation = r.RaiseExplanation,
        Historical = r.Historical,
        HiddenBy = r.HiddenBy,
        Channels = r.Channels,
    };

    private static EntryRow Row(OutboxEntry e) => new()
    {
        V = Version,
        Id = e.Id,
        Sequence = e.Sequence,
        Channel = e.Channel,
        Kind = (e.Content as TransitionContent)?.Kind ?? TransitionKind.None,
        Alert = e.Content is TransitionContent transition ? Row(transition.Alert) : null,
        Digest = e.Content is DigestContent digest ? Row(digest) : null,
        QueuedAt = e.QueuedAt.Nanoseconds,
        Attempts = e.Attempts,
        LastProblem = e.LastProblem,
        Failed = e.Failed,
        FailedAt = e.FailedAt.Nanoseconds,
        PossibleDuplicate = e.PossibleDuplicate,
    };

    private static DigestRow Row(DigestContent content) => new()
    {
        Raised = content.Digest.Raised,
        From = content.Digest.From.Nanoseconds,
        To = content.Digest.To.Nanoseconds,
        Rules = new(content.Digest.Rules),
        RecordedAt = content.RecordedAt.Nanoseconds,
    };

    private static DigestContent Digest(DigestRow r) =>
        new(new HistoryDigest(r.Raised, new Timestamp(r.From), new Timestamp(r.To), r.Rules), new Timestamp(r.RecordedAt));

    private static OutboxEntry Entry(EntryRow r) => new()
    {
        Id = r.Id,
        Sequence = r.Sequence,
        Channel = r.Channel,
        Content = r switch
        {
            { Alert: { } alert } => new TransitionContent(r.Kind, Alert(alert)),
            { Digest: { } digest } => Digest(digest),
            _ => throw new InvalidDataException("The row holds neither an alert nor a digest."),
        },
        QueuedAt = new Timestamp(r.QueuedAt),
        Attempts = r.Attempts,
        LastProblem = r.LastProblem,
        Failed = r.Failed,
        FailedAt = new Timestamp(r.FailedAt),
        PossibleDuplicate = r.PossibleDuplicate,
    };
}

/// <summary>An alert as it is stored; instants are nanoseconds since the Unix epoch.</summary>
internal sealed record AlertRow
{
    public required int V { get; init; }
    public required string Id { get; init; }
    public required string Rule { get; init; }
    public required string RuleVersion { get; init; }
    public required string Device { get; init; }
    public required string Metric { get; init; }
    public required string Unit { get; init; }
    public required Severity Severity { get; init; }
    public required AlertState State { get; init; }
    public required long Since { get; init; }
    public required long RaisedAt { get; init; }
    public required long RaiseRecordedAt { get; init; }
    public required long EndedAt { get; init; }
    public required long EndRecordedAt { get; init; }
    public required EndReason Reason { get; init; }
    public required double Value { get; init; }
    public required string Summary { get; init; }
    public required string Explanation { get; init; }
    public string RaiseExplanation { get; init; } = "";
    public required bool Historical { get; init; }
    public string HiddenBy { get; init; } = "";
    public required string[] Channels { get; init; }
}

/// <summary>An outbox entry as it is stored.</summary>
internal sealed record EntryRow
{
    public required int V { get; init; }
    public required string Id { get; init; }
    public required long Sequence { get; init; }
    public required string Channel { get; init; }
    public required TransitionKind Kind { get; init; }
    public AlertRow? Alert { get; init; }
    public DigestRow? Digest { get; init; }
    public required long QueuedAt { get; init; }
    public required int Attempts { get; init; }
    public required string LastProblem { get; init; }
    public required FailReason Failed { get; init; }
    public required long FailedAt { get; init; }
    public required bool PossibleDuplicate { get; init; }
}

/// <summary>A digest of history as it is stored.</summary>
internal sealed record DigestRow
{
    public required int Raised { get; init; }
    public required long From { get; init; }
    public required long To { get; init; }
    public required Dictionary<string, int> Rules { get; init; }
    public required long RecordedAt { get; init; }
}

/// <summary>The channels of the next digest as they are stored.</summary>
internal sealed record ChannelsRow
{
    public required int V { get; init; }
    public required string[] Channels { get; init; }
}

// A value may be NaN when a rule speaks of a silence that no value preceded; it must not stop the row.
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(AlertRow))]
[JsonSerializable(typeof(EntryRow))]
[JsonSerializable(typeof(ChannelsRow))]
internal sealed partial class RowJson : JsonSerializerContext;
