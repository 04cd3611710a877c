using IotEvents.Devices.Settings;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Rules;

/// <summary>Which series a rule judges: all parts must fit; a list fits when one of its patterns does.</summary>
public sealed record RuleMatch
{
    /// <summary>Patterns for the device's id, with <c>*</c> and <c>?</c>. Default <c>*</c>.</summary>
    public required IReadOnlyList<string> Devices { get; init; }

    /// <summary>Patterns for the metric's name; empty in a rule about devices as a whole.</summary>
    public required IReadOnlyList<string> Metrics { get; init; }

    /// <summary>Labels the device must have, with patterns for their values.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Reads the map <c>match</c>.</summary>
    public static RuleMatch Read(SettingsMap settings)
    {
        var devices = settings.Texts("device");
        var metrics = settings.Texts("metric");
        var match = new RuleMatch
        {
            Devices = devices.Count == 0 ? ["*"] : devices,
            Metrics = metrics,
            Labels = settings.Map("labels").AllTexts(),
        };
        settings.Done();
        return match;
    }

    /// <summary>True when the rule judges this series.</summary>
    public bool Fits(Series series, DeviceDescription device) => Any(Metrics, series.Metric) && FitsDevice(device);

    /// <summary>True when the rule is about this device.</summary>
    public bool FitsDevice(DeviceDescription device) => Any(Devices, device.Id)
        && Labels.All(label => device.Labels.TryGetValue(label.Key, out var value) && Glob.Matches(label.Value, value));

    /// <summary>True when the rule is about this device, and about this metric unless it names none.</summary>
    public bool Concerns(Series series, DeviceDescription device) =>
        (Metrics.Count == 0 || Any(Metrics, series.Metric)) && FitsDevice(device);

    /// <summary>As one line that is the same for the same meaning.</summary>
    internal string Canonical() =>
        $"{string.Join('|', Devices)}/{string.Join('|', Metrics)}/"
        + string.Join('|', Labels.OrderBy(it => it.Key, StringComparer.Ordinal).Select(it => $"{it.Key}={it.Value}"));

    private static bool Any(IReadOnlyList<string> patterns, string text)
    {
        foreach (var pattern in patterns)
        {
            if (Glob.Matches(pattern, text))
            {
                return true;
            }
        }

        return false;
    }
}
