using IotEvents.Devices.Settings;

namespace IotEvents.Gateway.Rules.Testing;

/// <summary>Reads names that the series of a test must have.</summary>
internal static class TestNames
{
    /// <summary>Reads a name that one of the series has; null when it does not stand there. Another name is an error.</summary>
    /// <param name="item">Where it stands.</param>
    /// <param name="key">Its key: <c>device</c> or <c>metric</c>.</param>
    /// <param name="series">The series of the test.</param>
    /// <param name="nameOf">The name that a series has.</param>
    public static string? Read(SettingsMap item, string key, IReadOnlyList<TestSeries> series, Func<TestSeries, string> nameOf)
    {
        var name = item.OptionalText(key);
        if (name is not null && !series.Any(it => nameOf(it) == name))
        {
            item.Refuse(key, $"No series of the test has the {key} '{name}'", TestWords.Mend(name, series.Select(nameOf)));
        }

        return name;
    }
}
