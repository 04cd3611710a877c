using IotEvents.Devices.Settings;

namespace IotEvents.Simulator.Faults;

/// <summary>The device's own clock is wrong: no battery behind it, never set, or set to the wrong zone.</summary>
/// <param name="Target">Whom and when.</param>
/// <param name="Offset">How far it is off, 1 ms to 36,500 days. Default 1 h.</param>
/// <param name="Behind">True when it is behind, false when it is ahead. Default true.</param>
public sealed record ClockSkewFault(FaultTarget Target, TimeSpan Offset, bool Behind) : Fault(Target)
{
    /// <summary>Reads <c>offset</c>, <c>direction</c> (<c>behind</c> or <c>ahead</c>).</summary>
    public static ClockSkewFault Read(SettingsMap settings, FaultTarget target) => new(
        target,
        settings.Duration("offset", TimeSpan.FromHours(1), TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(36_500)),
        settings.Choice("direction", true, ("behind", true), ("ahead", false)));

    /// <inheritdoc/>
    public override bool NeedsDeviceTime => true;

    /// <inheritdoc/>
    public override TimeSpan ClockOffset(FaultState state) => Behind ? -Offset : Offset;
}
