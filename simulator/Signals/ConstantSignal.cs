using IotEvents.Devices.Settings;
using IotEvents.Simulator.Chance;

namespace IotEvents.Simulator.Signals;

/// <summary>Always the same value.</summary>
/// <param name="Value">Any finite number. Default 0.</param>
public sealed record ConstantSignal(double Value) : ISignal
{
    /// <summary>Reads <c>value</c>.</summary>
    public static ConstantSignal Read(SettingsMap settings) =>
        new(settings.Number("value", 0, double.MinValue, double.MaxValue));

    /// <inheritdoc/>
    public Func<TimeSpan, double> Start(SeededRandom chance) => _ => Value;
}
