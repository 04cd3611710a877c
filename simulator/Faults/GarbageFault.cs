using IotEvents.Devices.Settings;
using IotEvents.Simulator.Fleet;

namespace IotEvents.Simulator.Faults;

/// <summary>The payload is random bytes: noise on the line, a wrong baud rate, broken flash.</summary>
/// <param name="Target">Whom and when.</param>
/// <param name="BytesMax">The longest payload, 1 to 65,536 bytes; each is 1 to this long. Default 64.</param>
public sealed record GarbageFault(FaultTarget Target, int BytesMax) : Fault(Target)
{
    /// <summary>Reads <c>bytes_max</c>.</summary>
    public static GarbageFault Read(SettingsMap settings, FaultTarget target) =>
        new(target, (int)settings.WholeNumber("bytes_max", 64, 1, 65_536));

    /// <inheritdoc/>
    public override bool IsAlarming => true;

    /// <inheritdoc/>
    public override void Change(List<SimulatedMessage> messages, FaultState state)
    {
        for (var i = 0; state.IsActive && i < messages.Count; i++)
        {
            var payload = new byte[1 + state.Chance.NextInt(BytesMax)];
            for (var place = 0; place < payload.Length; place++)
            {
                payload[place] = (byte)state.Chance.NextInt(256);
            }

            messages[i] = messages[i] with { Payload = payload };
        }
    }
}
