using IotEvents.Devices.Settings;
using IotEvents.Gateway.Hosting.Configuration;
using IotEvents.Gateway.Pipeline;
using IotEvents.Gateway.Plans;
using IotEvents.Gateway.Rules;

namespace IotEvents.Gateway.Cli.Rules;

/// <summary>Reads what a plan compares. Whatever is wrong in it is an error with its place, as <c>check</c> shows it.</summary>
internal static class PlanSources
{
    private const string Settings = "gateway.yaml";
    private const string Devices = "devices.yaml";
    private const string Routes = "alerts.yaml";

    private static readonly string[] FolderFiles = [Settings, Devices, Routes];

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
    public static PlannedRules Planned(string path, PlannedRules old, SettingsErrors errors)
    {
        if (!IsConfiguration(path))
        {
            return old with { Rules = RuleSet.Load([.. RuleTexts(path, errors).Select(file => ConfigurationFolder.Parse(file, errors))], errors) };
        }

        var planned = InForce(path, errors);
        return new PlannedRules(
            planned.Rules, Has(path, Devices) ? planned.Devices : old.Devices, Has(path, Routes) ? planned.Routes : old.Routes,
            Has(path, Settings) ? planned.Options : old.Options);
    }

    /// <summary>The same as texts, to be sent: rules, and of a configuration folder devices.yaml and alerts.yaml too, where it has them.</summary>
    public static IReadOnlyList<RuleFile> Texts(string path, SettingsErrors errors)
    {
        if (!IsConfiguration(path))
        {
            return RuleTexts(path, errors);
        }

        var (rules, devices) = ConfigurationFolder.ReadRules(path, errors);
        List<RuleFile> texts = [.. rules];
        if (Has(path, Devices))
        {
            texts.Add(devices);
        }

        if (Has(path, Routes))
        {
            texts.Add(ConfigurationFolder.ReadText(Path.Combine(path, Routes), errors));
        }

        return texts;
    }

    private static bool IsConfiguration(string path) =>
        Directory.Exists(Path.Combine(path, "rules")) || FolderFiles.Any(file => Has(path, file));

    // What a folder does not have is that of the rules in force.
    private static bool Has(string folder, string file) => File.Exists(Path.Combine(folder, file));

    private static List<RuleFile> RuleTexts(string path, SettingsErrors errors)
    {
        var files = Directory.Exists(path)
            ? Directory.EnumerateFiles(path, "*.yaml").Concat(Directory.EnumerateFiles(path, "*.yml")).Order(StringComparer.Ordinal)
            : Enumerable.Repeat(path, 1);
        return [.. files.Select(file => ConfigurationFolder.ReadText(file, errors))];
    }
}
