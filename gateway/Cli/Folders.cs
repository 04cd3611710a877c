using System.CommandLine;

namespace IotEvents.Gateway.Cli;

/// <summary>The options every command shares: where configuration and data stand.</summary>
internal static class Folders
{
    public static Option<string> Config() => new("--config")
    {
        Description = "The configuration folder (gateway.yaml, devices.yaml, alerts.yaml, rules/*.yaml).",
        HelpName = "DIR",
        DefaultValueFactory = _ => "./config",
    };

    public static Option<string> Data() => new("--data")
    {
        Description = "The data folder (journal and series).",
        HelpName = "DIR",
        DefaultValueFactory = _ => "./data",
    };

    /// <summary>The variables of this process's environment.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Environment() =>
        from System.Collections.DictionaryEntry entry in System.Environment.GetEnvironmentVariables()
        select new KeyValuePair<string, string>((string)entry.Key, (string?)entry.Value ?? "");
}
