using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Rules.Binding;

/// <summary>
/// Finds what may concern a series without asking all of it: most rules name their metric, and many their device or a label.
/// </summary>
internal sealed class RuleIndex
{
    private static readonly IReadOnlyList<string> Any = [""];

    private readonly Dictionary<Key, List<int>> _entries = [];

    /// <summary>Enters something about series.</summary>
    /// <param name="devices">Patterns for their devices.</param>
    /// <param name="metrics">Patterns for their metrics; empty for every metric.</param>
    /// <param name="labels">Labels of their devices, with patterns for their values.</param>
    /// <param name="entry">Its number.</param>
    public void Add(
        IReadOnlyList<string> devices, IReadOnlyList<string> metrics, IReadOnlyDictionary<string, string> labels, int entry)
    {
        var ofDevices = devices.Any(IsPattern) ? Any : devices;
        var ofMetrics = metrics.Count == 0 || metrics.Any(IsPattern) ? Any : metrics;
        var (label, value) = ofDevices == Any ? labels.FirstOrDefault(it => !IsPattern(it.Value)) : default;
        foreach (var device in ofDevices)
        {
            foreach (var metric in ofMetrics)
            {
                var key = new Key(device, metric, label ?? "", value ?? "");
                (_entries.TryGetValue(key, out var list) ? list : _entries[key] = []).Add(entry);
            }
        }
    }

    /// <summary>The numbers of what may concern a series, from small to large and each once; the rest does not.</summary>
    public List<int> Candidates(Series series, DeviceDescription device)
    {
        var found = new List<int>();
        foreach (var metric in (ReadOnlySpan<string>)[series.Metric, ""])
        {
            Take(new Key(series.Device, metric, "", ""), found);
            Take(new Key("", metric, "", ""), found);
            foreach (var (label, value) in device.Labels)
            {
                Take(new Key("", metric, label, value), found);
            }
        }

        found.Sort();
        return [.. found.Distinct()];
    }

    private void Take(Key key, List<int> found)
    {
        if (_entries.TryGetValue(key, out var list))
        {
            found.AddRange(list);
        }
    }

    private static bool IsPattern(string text) => text.Contains('*') || text.Contains('?');

    // An empty text stands for any; the label too, so that one of many sites costs no more than the only one.
    private readonly record struct Key(string Device, string Metric, string Label, string Value);
}
