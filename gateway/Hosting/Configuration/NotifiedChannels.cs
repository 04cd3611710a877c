using IotEvents.Devices.Settings;
using IotEvents.Gateway.Alerts;

namespace IotEvents.Gateway.Hosting.Configuration;

/// <summary>Refuses rules that notify a channel that there is not: nobody would be told.</summary>
internal static class NotifiedChannels
{
    /// <summary>Reads alerts.yaml.</summary>
    /// <param name="file">Its root.</param>
    /// <param name="mayBeMissing">True when any channel may be notified where the file says nothing.</param>
    /// <param name="errors">Takes what is wrong.</param>
    /// <param name="channels">The channels that there are; null when that is not known, and nothing can be said about rules.</param>
    public static AlertsOptions ReadAlerts(
        SettingsNode file, bool mayBeMissing, SettingsErrors errors, out IEnumerable<string>? channels)
    {
        var before = errors.All.Count;
        var alerts = AlertsOptions.Read(new SettingsMap(file, errors));
        channels = errors.All.Count > before || (mayBeMissing && file.Members is not { Count: > 0 }) ? null : alerts.ChannelNames;
        return alerts;
    }

    /// <summary>Notes every entry of <c>notify</c> that is the name of no channel.</summary>
    /// <param name="files">The roots of the rule files.</param>
    /// <param name="channels">The channels that there are; null when that is not known.</param>
    /// <param name="errors">Takes what is wrong.</param>
    /// <param name="more">What the mend adds.</param>
    public static void Check(IEnumerable<SettingsNode> files, IEnumerable<string>? channels, SettingsErrors errors, string more = "")
    {
        if (channels is null)
        {
            return;
        }

        var names = channels.ToList();
        foreach (var entry in files.SelectMany(file => file.Find("rules")?.Items ?? []).SelectMany(Entries))
        {
            // What is no text, or cannot be read, was noted by the reader of rules.
            if (entry.Scalar is { Length: > 0 } text && SettingsValues.TryExpand(text, out var name, out _) && !names.Contains(name))
            {
                errors.Add(entry, $"No channel is called '{name}', so nobody would be told", Suggest(name, names) + more);
            }
        }
    }

    private static IEnumerable<SettingsNode> Entries(SettingsNode rule) =>
        rule.Find("notify") is { } notify ? notify.Items ?? Enumerable.Repeat(notify, 1) : [];

    private static string Suggest(string wrong, List<string> names)
    {
        var known = $"known are: {string.Join(", ", names)}";
        return SettingsValues.Nearest(wrong, names) is { } nearest
            ? $"did you mean '{nearest}'? {known}" : $"{known}; describe it in alerts.yaml, or name one of these";
    }
}
