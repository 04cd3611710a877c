using System.Text.Json;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Rules.Scoring;

namespace IotEvents.Gateway.Replay;

/// <summary>The ground truth of recorded messages, read from lines of JSON.</summary>
/// <remarks>
/// An incident is <c>{"id":"…","kind":"drift","device":"freezer-2","metric":"temperature","from":"2026-01-01T02:00:00Z",
/// "to":"2026-01-01T02:40:00Z","must_alert":true}</c>; <c>name</c>, when there is one, says more exactly what kind it is,
/// <c>metric</c> may be a pattern or be left out, and <c>to</c> left out means: to the end. A line
/// <c>{"run":"…","from":"…","to":"…"}</c> says when the whole began and ended. Other keys are left alone.
/// </remarks>
public sealed class TruthFile
{
    /// <summary>The most incidents that are read.</summary>
    public const int IncidentsMax = 1_000_000;

    private const string Mend = "write the truth as 'iotevents-simulator run … --virtual --truth FILE' does";

    private static readonly Timestamp Open = Timestamp.From(new DateTimeOffset(2200, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private readonly List<Incident> _incidents = [];

    private TruthFile()
    {
    }

    /// <summary>The incidents in the order of the file; devices by the names of the file.</summary>
    public IReadOnlyList<Incident> Incidents => _incidents;

    /// <summary>When the run began; none when the file does not say.</summary>
    public Timestamp From { get; private set; } = Timestamp.None;

    /// <summary>When the run ended; none when the file does not say.</summary>
    public Timestamp To { get; private set; } = Timestamp.None;

    /// <summary>Reads to the end of a stream.</summary>
    /// <exception cref="RecordedLineException">A line is no truth, or there are more than <see cref="IncidentsMax"/>.</exception>
    public static TruthFile Read(Stream input)
    {
        var truth = new TruthFile();
        var lines = new LineReader(input);
        while (lines.MoveNext())
        {
            if (lines.Line.IsEmpty)
            {
                continue;
            }

            try
            {
                using var line = JsonDocument.Parse(lines.Line);
                truth.Add(line.RootElement, lines.Number);
            }
            catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or OverflowException)
            {
                throw new RecordedLineException(lines.Number, "is no incident in JSON", Mend);
            }
        }

        return truth;
    }

    private void Add(JsonElement line, long number)
    {
        if (Text(line, "run") is not null)
        {
            (From, To) = (Time(line, "from", number), Time(line, "to", number));
            return;
        }

        if (_incidents.Count == IncidentsMax)
        {
            throw new RecordedLineException(number, $"is beyond {IncidentsMax:N0} incidents", "score fewer days or fewer devices");
        }

        var from = Time(line, "from", number);
        var to = line.TryGetProperty("to", out _) ? Time(line, "to", number) : To.HasValue ? To : Open;
        _incidents.Add(new Incident
        {
            Id = Text(line, "id") ?? $"line {number}",
            Kind = Text(line, "name") ?? Text(line, "kind") ?? throw Lacks("kind", number),
            Device = Text(line, "device") ?? throw Lacks("device", number),
            Metric = Text(line, "metric") ?? "*",
            From = from,
            To = to >= from ? to : throw new RecordedLineException(number, "ends before it begins", Mend),
            MustAlert = line.TryGetProperty("must_alert", out var must) ? must.GetBoolean() : throw Lacks("must_alert", number),
        });
    }

    private static string? Text(JsonElement line, string key) => line.TryGetProperty(key, out var value) ? value.GetString() : null;

    private static Timestamp Time(JsonElement line, string key, long number) =>
        line.TryGetProperty(key, out var value) ? Timestamp.From(value.GetDateTimeOffset()) : throw Lacks(key, number);

    private static RecordedLineException Lacks(string key, long number) => new(number, $"lacks '{key}'", Mend);
}
