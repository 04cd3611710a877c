using IotEvents.Devices.Contracts;

namespace IotEvents.Simulator.Recordings;

/// <summary>One row of a recording.</summary>
/// <param name="Time">When it was measured.</param>
/// <param name="Values">One per value column; NaN where it is missing or no number. Reused: good until the next row.</param>
public readonly record struct RecordedRow(Timestamp Time, double[] Values);
