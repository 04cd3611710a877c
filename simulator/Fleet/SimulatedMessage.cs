using IotEvents.Devices.Contracts;

namespace IotEvents.Simulator.Fleet;

/// <summary>What a virtual device says once.</summary>
/// <param name="Device">The device that says it.</param>
/// <param name="Address">The MQTT topic; for a serial line the device's id.</param>
/// <param name="Payload">The bytes, without the framing of the link.</param>
/// <param name="Time">When it was measured by the true clock, whatever the device's own clock thinks.</param>
public sealed record SimulatedMessage(VirtualDevice Device, string Address, byte[] Payload, Timestamp Time);
