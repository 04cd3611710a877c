namespace IotEvents.Gateway.Api.Views;

/// <summary>How often a series reports, and which silence counts as absence.</summary>
/// <param name="Series"><c>DEVICE/METRIC</c>.</param>
/// <param name="Device">The device's id.</param>
/// <param name="Metric">The metric's name.</param>
/// <param name="Interval">The median of its last intervals, in seconds; null while too little is known, as are the next three.</param>
/// <param name="Jitter">The median distance of its last intervals from their median, in seconds.</param>
/// <param name="Deadline">The silence that counts as absence, in seconds.</param>
/// <param name="Shape"><c>periodic</c>, <c>irregular</c> or <c>bursty</c>.</param>
/// <param name="Intervals">How many intervals it was learned from.</param>
/// <param name="Confident">True when enough is known for the stated rate to hold.</param>
/// <param name="FalseAbsencePer">The stated rate: the days in which it is once called absent by mistake.</param>
/// <param name="Judged">True when a rule of the gateway judges silence by this deadline.</param>
/// <param name="LastSeen">The time of its last reading, in milliseconds since 1970; null when it has none.</param>
/// <param name="Age">How long ago that was, in seconds; null when it has none.</param>
public sealed record CadenceView(
    string Series,
    string Device,
    string Metric,
    double? Interval,
    double? Jitter,
    double? Deadline,
    string? Shape,
    long Intervals,
    bool Confident,
    double FalseAbsencePer,
    bool Judged,
    long? LastSeen,
    double? Age);
