using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Hosting.Configuration;
using IotEvents.Gateway.Plans;
using IotEvents.Gateway.Rules;

namespace IotEvents.Gateway.Cli.Rules;

/// <summary>Reads what a plan compares. Whatever is wrong in it is an error with its place, as <c>check</c> shows it.</summary>
internal static class PlanSources
{
    private static readonly string[] FolderFiles = ["gateway.yaml", "devices.yaml", "alerts.yaml"];

    /// <summary>The rules of a configuration folder.</summary>
    public static PlannedRules InForce(string config, SettingsErrors errors)
    {
        var settings = GatewaySettings.Read(config, Folders.Environment(), errors);
        return new PlannedRules(settings.Rules, settings.Devices, settings.Alerts, settings.RuleEngine);
    }

    /// <summary>The rules to plan.</summary>
    /// <param name="path">A configuration folder, a folder of rule files, or one rule file.</param>
    /// <param name="old">What is in force: the last two take devices, routes and settings from it.</param>
    /// <param name="errors">Takes what is wrong.</param>
    public static PlannedRules Planned(string path, PlannedRules old, SettingsErrors errors)
    {
        if (Directory.Exists(Path.Combine(path, "rules")) || FolderFiles.Any(file => File.Exists(Path.Combine(path, file))))
        {
            return InForce(path, errors);
        }

        var files = Directory.Exists(path)
            ? Directory.EnumerateFiles(path, "*.yaml").Concat(Directory.EnumerateFiles(path, "*.yml")).Order(StringComparer.Ordinal)
            : Enumerable.Repeat(path, 1);
        return old with { Rules = RuleSet.Load([.. files.Select(file => Parse(file, errors))], errors) };
    }

    /// <summary>The range of the history that a command looks at: up to the newest point that is not in the future.</summary>
    /// <param name="newest">When the newest point was measured; none when there is no point.</param>
    /// <param name="since">How far back it goes.</param>
    /// <returns>First instant, and the first instant after it; both none when there is no point.</returns>
    public static (Timestamp From, Timestamp To) Range(Timestamp newest, TimeSpan since)
    {
        var now = Timestamp.Now(TimeProvider.System);
        var last = newest > now ? now : newest;
        return last.HasValue ? (last - since, new Timestamp(last.Nanoseconds + 1)) : (Timestamp.None, Timestamp.None);
    }

    private static SettingsNode Parse(string file, SettingsErrors errors)
    {
        try
        {
            return SettingsFile.Parse(file, File.ReadAllText(file), errors);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            errors.Add(new SettingsError(file, 0, 0, "", error.Message.TrimEnd('.'), "make the file readable"));
            return SettingsFile.Parse(file, "", errors);
        }
    }
}
