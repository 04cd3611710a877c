using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Simulator.Signals;

namespace IotEvents.Simulator.Scenarios;

/// <summary>One quantity a device measures.</summary>
/// <param name="Name">Letters, digits, <c>_</c>, <c>-</c>, <c>.</c></param>
/// <param name="Signal">How it runs over time.</param>
/// <param name="Noise">Standard deviation of what is added to each value, in the metric's unit, at least 0. Default 0.</param>
/// <param name="Decimals">Decimals of the sensor, 0 to 9. Default 2.</param>
/// <param name="Unit">What it is measured in; in the payload only with <c>units: true</c>. Default none.</param>
public sealed record MetricScenario(string Name, ISignal Signal, double Noise, int Decimals, Unit Unit)
{
    internal static MetricScenario Read(string name, SettingsMap settings, string folder)
    {
        var kind = settings.Choice("signal", SignalKinds.All[0], [.. SignalKinds.All.Select(k => (k.Name, k))]);
        var signal = kind.Read(settings, folder);
        var noise = settings.Number("noise", 0, 0, double.MaxValue);
        var decimals = (int)settings.WholeNumber("decimals", 2, 0, 9);
        var unit = Unit.None;
        if (settings.OptionalText("unit") is { } text && !Units.TryParse(text, out unit))
        {
            settings.Refuse("unit", $"The unit '{text}' is not known", "write a SenML unit such as Cel, %RH, l or m/s");
        }

        settings.Done();
        return new MetricScenario(name, signal, noise, decimals, unit);
    }
}
