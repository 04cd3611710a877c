namespace IotEvents.Gateway.Api.Views;

/// <summary>A device with the latest of each of its metrics.</summary>
/// <param name="Id">Its id; may contain <c>/</c>.</param>
/// <param name="Name">Its name on screens.</param>
/// <param name="State"><c>ok</c>, <c>silent</c>, or <c>new</c> (no cadence learned yet).</param>
/// <param name="LastSeen">When its last reading was received, in milliseconds since 1970; null when never.</param>
/// <param name="Labels">Labels such as <c>site</c>.</param>
/// <param name="Attributes">Attributes as people write them: <c>2000 L</c>.</param>
/// <param name="Metrics">Its metrics, by name.</param>
public sealed record DeviceView(
    string Id,
    string Name,
    string State,
    long? LastSeen,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyDictionary<string, string> Attributes,
    IReadOnlyList<SeriesView> Metrics);

/// <summary>A series with its latest reading.</summary>
/// <param name="Series"><c>DEVICE/METRIC</c>.</param>
/// <param name="Device">The device's id.</param>
/// <param name="Metric">The metric's name.</param>
/// <param name="Unit">The unit as stored: <c>Cel</c>; empty when not known.</param>
/// <param name="Display">The unit as people write it: <c>°C</c>.</param>
/// <param name="Value">The latest value; null when there is none.</param>
/// <param name="Time">When it was measured, in milliseconds since 1970.</param>
/// <param name="Received">When the gateway received it, in milliseconds since 1970.</param>
/// <param name="Quality">What is known against it, such as <c>suspect</c>; empty when nothing.</param>
/// <param name="LastKnown">True when the value is from before: the link gave it out as retained, or the gateway started after it.</param>
/// <param name="Age">Seconds since it was measured, as far as is known; of a retained value without a time, since it was first heard of.</param>
/// <param name="SilentAfter">Seconds without a reading after which the series counts as silent.</param>
public sealed record SeriesView(
    string Series,
    string Device,
    string Metric,
    string Unit,
    string Display,
    double? Value,
    long? Time,
    long? Received,
    IReadOnlyList<string> Quality,
    bool LastKnown,
    double? Age,
    double SilentAfter);
