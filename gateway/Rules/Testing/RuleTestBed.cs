using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Rules.Testing;

/// <summary>Puts a reading right as the gateway does before rules see it; false when the reading is left out.</summary>
internal delegate bool ReadingGate(in RawReading raw, out Reading reading);

/// <summary>What tests are run with.</summary>
/// <param name="Rules">The rules.</param>
/// <param name="Devices">What is known about devices.</param>
/// <param name="Options">Settings of the engine.</param>
/// <param name="NewGate">Makes what stands between devices and rules; once for each run, because it remembers.</param>
internal sealed record RuleTestBed(RuleSet Rules, IDeviceDirectory Devices, RuleEngineOptions Options, Func<ReadingGate> NewGate);
