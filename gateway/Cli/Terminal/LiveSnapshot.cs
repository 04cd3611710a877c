using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Cli.Terminal;

/// <summary>Everything the live view shows at one moment.</summary>
public sealed record LiveSnapshot
{
    /// <summary>The moment.</summary>
    public required Timestamp Now { get; init; }

    /// <summary>Readings a second, over the last seconds.</summary>
    public double ReadingsPerSecond { get; init; }

    /// <summary>Readings stored since the start.</summary>
    public long Readings { get; init; }

    /// <summary>Bytes of history on disk.</summary>
    public long StoreBytes { get; init; }

    /// <summary>Where console and broker are, for example <c>console http://127.0.0.1:8080 · MQTT 127.0.0.1:1883</c>.</summary>
    public string Addresses { get; init; } = "";

    /// <summary>What is wrong with the gateway itself; empty when nothing is.</summary>
    public string Problem { get; init; } = "";

    /// <summary>How long it runs still; null when it runs until stopped.</summary>
    public TimeSpan? TimeLeft { get; init; }

    /// <summary>Active alerts, the worst first.</summary>
    public IReadOnlyList<AlertLine> Alerts { get; init; } = [];

    /// <summary>Devices in the order of their names.</summary>
    public IReadOnlyList<DeviceLine> Devices { get; init; } = [];

    /// <summary>What happened last, newest first.</summary>
    public IReadOnlyList<EventLine> Events { get; init; } = [];
}

/// <summary>How a thing is: always shown as shape, word and colour together.</summary>
public enum Condition
{
    /// <summary>Not known yet.</summary>
    None = 0,

    /// <summary>Well.</summary>
    Ok,

    /// <summary>Worth knowing.</summary>
    Info,

    /// <summary>Somebody should look.</summary>
    Warning,

    /// <summary>Somebody must act.</summary>
    Critical,

    /// <summary>Nothing is heard of it.</summary>
    Silent,

    /// <summary>Its values are doubtful.</summary>
    Suspect,
}

/// <summary>An active alert.</summary>
/// <param name="Condition">From its severity.</param>
/// <param name="Summary">One line.</param>
/// <param name="Since">When it was raised.</param>
public sealed record AlertLine(Condition Condition, string Summary, Timestamp Since);

/// <summary>A device with its metrics.</summary>
/// <param name="Condition">The worst that is known of it.</param>
/// <param name="Name">Its name.</param>
/// <param name="LastSeen">When it was last heard of.</param>
/// <param name="Metrics">The metrics, the most telling first.</param>
public sealed record DeviceLine(Condition Condition, string Name, Timestamp LastSeen, IReadOnlyList<MetricCell> Metrics);

/// <summary>A metric with its newest value and its last minutes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">The newest value.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Trend">Means of equal spans of time, oldest first; NaN where nothing came.</param>
public sealed record MetricCell(string Name, double Value, Unit Unit, IReadOnlyList<double> Trend);

/// <summary>Something that happened.</summary>
/// <param name="Condition">How it is marked.</param>
/// <param name="At">When.</param>
/// <param name="Text">One line.</param>
public sealed record EventLine(Condition Condition, Timestamp At, string Text);
