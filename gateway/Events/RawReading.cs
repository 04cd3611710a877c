using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Events;

/// <summary>A decoded reading whose series is known, before units, times and repeats are put right.</summary>
/// <param name="Series">The series.</param>
/// <param name="Unit">The unit the payload gave; <see cref="Unit.None"/> when it gave none.</param>
/// <param name="Quality">What decoder and link know against it.</param>
/// <param name="Time">The device's own time, or <see cref="Timestamp.None"/>.</param>
/// <param name="ReceivedAt">When the gateway received it.</param>
/// <param name="Value">The number in <paramref name="Unit"/>.</param>
public readonly record struct RawReading(
    Series Series, Unit Unit, Quality Quality, Timestamp Time, Timestamp ReceivedAt, double Value);
