using IotEvents.Devices.Settings;
using IotEvents.Gateway.Hosting.Configuration;
using IotEvents.Gateway.Pipeline;
using IotEvents.Gateway.Plans;
using IotEvents.Gateway.Rules;

namespace IotEvents.Gateway.Cli.Rules;

/// <summary>Reads what a plan compares. Whatever is wrong in it is an error with its place, as <c>check</c> shows it.</summary>
internal static class PlanSources
{
    private const string Routes = "alerts.yaml";

    private static readonly string[] FolderFiles = ["gateway.yaml", "devices.yaml", Routes];

    /// <summary>The rules of a configuration folder.</summary>
    public static PlannedRules InForce(string config, SettingsErrors errors)
    {
        var settings = GatewaySettings.Read(config, Folders.Environment(), errors, mayLackAlerts: true);
        return new PlannedRules(
            settings.Rules, settings.Devices, settings.Alerts, settings.RuleEngine with { Evidence = false });
    }

    /// <summary>The rules to plan.</summary>
    /// <param name="path">A configuration folder, a folder of rule files, or one rule file.</param>
    /// <param name="old">What is in force: the last two take devices, routes and settings from it.</param>
    /// <param name="errors">Takes what is wrong.</param>
    public static PlannedRules Planned(string path, PlannedRules old, SettingsErrors errors) => IsConfiguration(path)
        ? InForce(path, errors)
        : old with { Rules = RuleSet.Load([.. RuleTexts(path, errors).Select(file => ConfigurationFolder.Parse(file, errors))], errors) };

    /// <summary>The same as texts, to be sent: rules, and of a configuration folder devices.yaml and alerts.yaml too.</summary>
    public static IReadOnlyList<RuleFile> Texts(string path, SettingsErrors errors)
    {
        if (!IsConfiguration(path))
        {
            return RuleTexts(path, errors);
        }

        var (rules, devices) = ConfigurationFolder.ReadRules(path, errors);
        return [.. rules, devices, ConfigurationFolder.ReadText(Path.Combine(path, Routes), errors)];
    }

    private static bool IsConfiguration(string path) =>
        Directory.Exists(Path.Combine(path, "rules")) || FolderFiles.Any(file => File.Exists(Path.Combine(path, file)));

    private static List<RuleFile> RuleTexts(string path, SettingsErrors errors)
    {
        var files = Directory.Exists(path)
            ? Directory.EnumerateFiles(path, "*.yaml").Concat(Directory.EnumerateFiles(path, "*.yml")).Order(StringComparer.Ordinal)
            : Enumerable.Repeat(path, 1);
        return [.. files.Select(file => ConfigurationFolder.ReadText(file, errors))];
    }
}
