using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Events;

/// <summary>A normalized reading: 32 bytes, no reference, in the unit of its series.</summary>
/// <param name="Series">The series' number in <see cref="SeriesCatalog"/>.</param>
/// <param name="Quality">What is known against it.</param>
/// <param name="Time">When it was measured: the device's own time, or the receive time if <see cref="Quality"/> says so.</param>
/// <param name="ReceivedAt">When the gateway received it, by the gateway's clock.</param>
/// <param name="Value">A finite number in the unit of the series.</param>
public readonly record struct Reading(int Series, Quality Quality, Timestamp Time, Timestamp ReceivedAt, double Value);
