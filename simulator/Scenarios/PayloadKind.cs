namespace IotEvents.Simulator.Scenarios;

/// <summary>How a device writes what it measured.</summary>
public enum PayloadKind
{
    /// <summary>One JSON object: <c>{"ts":1767225600000,"temperature":21.5}</c>.</summary>
    Json = 0,

    /// <summary>A bare number, each metric under its own topic.</summary>
    Number,

    /// <summary>Values with commas between them, in the order of the metrics.</summary>
    Csv,

    /// <summary><c>temperature=21.5 humidity=48</c>.</summary>
    KeyValue,
}

/// <summary>How a device writes its own time.</summary>
public enum TimeKind
{
    /// <summary>Not at all: the gateway takes the time of receipt.</summary>
    None = 0,

    /// <summary>Milliseconds since 1970-01-01T00:00:00Z.</summary>
    Milliseconds,

    /// <summary>RFC 3339 in UTC with milliseconds.</summary>
    Rfc3339,
}

/// <summary>Over what a device is linked.</summary>
public enum TransportKind
{
    /// <summary>MQTT.</summary>
    Mqtt = 0,

    /// <summary>A serial line, one payload per line.</summary>
    Serial,
}
