using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.History;

/// <summary>One stored value of a series.</summary>
/// <param name="Time">When it was measured.</param>
/// <param name="Value">In the unit of the series; the same bits that came in.</param>
/// <param name="Quality">What is known against it.</param>
public readonly record struct SeriesPoint(Timestamp Time, double Value, Quality Quality);
