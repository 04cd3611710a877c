using IotEvents.Devices.Settings;

namespace IotEvents.Simulator.Scenarios;

/// <summary>One device of a scenario.</summary>
public sealed record DeviceScenario
{
    /// <summary>The device's name, unique in the scenario. <c>freezer-{1..4}</c> in the file stands for four devices.</summary>
    public required string Id { get; init; }

    /// <summary>Over what it is linked. Default <c>mqtt</c>.</summary>
    public TransportKind Transport { get; init; }

    /// <summary>
    /// The MQTT topic; <c>{device}</c> and <c>{metric}</c> are replaced. Default <c>{device}/telemetry</c>, and
    /// <c>{device}/{metric}</c> for bare numbers.
    /// </summary>
    public string Topic { get; init; } = "";

    /// <summary>From message to message, 1 ms to 365 days. Default 1 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How far a message may come early or late, 0 to half the interval. Default 0.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>The MQTT quality of service, 0 to 2. Default 1.</summary>
    public int QoS { get; init; } = 1;

    /// <summary>True when the broker is asked to keep the last message. Default false.</summary>
    public bool Retain { get; init; }

    /// <summary>
    /// True when it shares one MQTT connection with all other devices that do, as behind a bridge; false for one of its own.
    /// <c>connection: own</c> or <c>shared</c>. Default own.
    /// </summary>
    public bool SharesConnection { get; init; }

    /// <summary>How it writes what it measured. Default <c>json</c>.</summary>
    public PayloadKind Payload { get; init; }

    /// <summary>How it writes its own time. Default <c>ms</c> for JSON, else <c>none</c>.</summary>
    public TimeKind Time { get; init; }

    /// <summary>
    /// True when JSON and <c>kv</c> payloads name the unit: <c>{"level":{"value":1400,"unit":"l"}}</c>, <c>level=1400l</c>.
    /// Default false.
    /// </summary>
    public bool NamesUnits { get; init; }

    /// <summary>What it measures, in the order of the file; at least one.</summary>
    public required IReadOnlyList<MetricScenario> Metrics { get; init; }

    /// <summary>The topic of a metric; for payloads that hold all metrics the name is empty.</summary>
    public string Address(string metric) => Transport == TransportKind.Serial
        ? Id
        : Topic.Replace("{device}", Id, StringComparison.Ordinal).Replace("{metric}", metric, StringComparison.Ordinal);

    internal static IEnumerable<DeviceScenario> Read(SettingsMap settings, string folder)
    {
        var ids = IdRange.Expand(settings, "id");
        var transport = settings.Choice("transport", TransportKind.Mqtt, ("mqtt", TransportKind.Mqtt), ("serial", TransportKind.Serial));
        var payload = settings.Choice("payload", PayloadKind.Json,
            ("json", PayloadKind.Json), ("number", PayloadKind.Number), ("csv", PayloadKind.Csv), ("kv", PayloadKind.KeyValue));
        var interval = settings.Duration("interval", TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(365));
        var device = new DeviceScenario
        {
            Id = "",
            Transport = transport,
            Payload = payload,
            Interval = interval,
            Jitter = settings.Duration("jitter", TimeSpan.Zero, TimeSpan.Zero, interval / 2),
            Topic = ReadTopic(settings, transport, payload, ids.Count),
            QoS = (int)settings.WholeNumber("qos", 1, 0, 2),
            SharesConnection = settings.Choice("connection", false, ("own", false), ("shared", true)),
            NamesUnits = settings.Flag("units", false),
            Retain = settings.Flag("retain", false),
            Time = settings.Choice("time", payload == PayloadKind.Json ? TimeKind.Milliseconds : TimeKind.None,
                ("none", TimeKind.None), ("ms", TimeKind.Milliseconds), ("rfc3339", TimeKind.Rfc3339)),
            Metrics = ReadMetrics(settings, folder),
        };
        Check(settings, device);
        settings.Done();
        return ids.Select(id => device with { Id = id });
    }

    private static string ReadTopic(SettingsMap settings, TransportKind transport, PayloadKind payload, int devices)
    {
        var byDefault = payload == PayloadKind.Number ? "{device}/{metric}" : "{device}/telemetry";
        var topic = settings.Text("topic", byDefault);
        var problem = topic.AsSpan().ContainsAny("+#\0") || topic.Length is 0 or > 1024
            ? "A topic to send to has 1 to 1024 characters without + and #"
            : devices > 1 && !topic.Contains("{device}", StringComparison.Ordinal) ? "Several devices would share this topic"
            : payload == PayloadKind.Number && !topic.Contains("{metric}", StringComparison.Ordinal) &&
                settings.Map("metrics").Keys.Skip(1).Any() ? "Several metrics would share this topic"
            : transport == TransportKind.Serial && settings.Has("topic") ? "A serial line has no topics"
            : null;
        if (problem is not null)
        {
            settings.Refuse("topic", problem, transport == TransportKind.Serial ? "remove it" : $"write it like {byDefault}");
        }

        return topic;
    }

    private static List<MetricScenario> ReadMetrics(SettingsMap settings, string folder)
    {
        var metrics = new List<MetricScenario>();
        var map = settings.Map("metrics");
        foreach (var name in map.Keys)
        {
            if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.'))
            {
                map.Refuse(name, $"'{name}' cannot be a metric's name", "use letters, digits, _, - and .");
            }

            metrics.Add(MetricScenario.Read(name, map.Map(name), folder));
        }

        if (metrics.Count == 0)
        {
            settings.Refuse("metrics", "The device measures nothing", "add metrics: { temperature: { signal: sine } }");
        }

        return metrics;
    }

    private static void Check(SettingsMap settings, DeviceScenario device)
    {
        if (device is { Payload: PayloadKind.Number, Time: not TimeKind.None })
        {
            settings.Refuse("time", "A bare number carries no time", "remove it, or choose payload: json");
        }

        if (device is { Payload: PayloadKind.Number, Transport: TransportKind.Serial, Metrics.Count: > 1 })
        {
            settings.Refuse("payload", "On a serial line several bare numbers cannot be told apart", "choose json, csv or kv");
        }
    }
}
