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

    /// <summary>The same where defaults hold without any configuration; but who names a folder means one that is there.</summary>
    public static Option<string> ConfigOrDefaults()
    {
        var option = Config();
        option.Validators.Add(given =>
        {
            if (!given.Implicit && given.GetValueOrDefault<string>() is { } folder && !Directory.Exists(folder))
            {
                given.AddError($"There is no configuration folder '{folder}'; make it, or name another one with --config.");
            }
        });
        return option;
    }

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
