using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>The moment at which a condition is judged. Not a number stands for "not known".</summary>
/// <param name="Value">The value of the series that the rule judges, in its unit; not a number in a rule about devices or groups.</param>
/// <param name="Previous">The usable value before it.</param>
/// <param name="Time">Event time: of the reading, or, when time alone made the rule be judged, of that moment.</param>
internal readonly record struct Frame(double Value, double Previous, Timestamp Time);
