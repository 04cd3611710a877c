using IotEvents.Devices.Settings;
using IotEvents.Gateway.Pipeline;

namespace IotEvents.Gateway.Hosting.Configuration;

/// <summary>The files of the configuration folder as nodes: gateway.yaml, devices.yaml, alerts.yaml and rules/*.yaml.</summary>
/// <remarks>A file that is not there is an empty one: an empty folder is a valid gateway. Other files are left alone.</remarks>
public sealed class ConfigurationFolder
{
    private ConfigurationFolder(
        SettingsNode gateway, SettingsNode devices, SettingsNode alerts, IReadOnlyList<SettingsNode> rules, IReadOnlyList<RuleFile> ruleFiles)
    {
        Gateway = gateway;
        Devices = devices;
        Alerts = alerts;
        Rules = rules;
        RuleFiles = ruleFiles;
    }

    /// <summary>gateway.yaml, with the environment's overrides.</summary>
    public SettingsNode Gateway { get; }

    /// <summary>devices.yaml.</summary>
    public SettingsNode Devices { get; }

    /// <summary>alerts.yaml.</summary>
    public SettingsNode Alerts { get; }

    /// <summary>rules/*.yaml in the order of their names.</summary>
    public IReadOnlyList<SettingsNode> Rules { get; }

    /// <summary>The texts of rules/*.yaml, and of devices.yaml under that name.</summary>
    public IReadOnlyList<RuleFile> RuleFiles { get; }

    /// <summary>Reads the folder.</summary>
    /// <param name="folder">The folder; one that does not exist is an empty one.</param>
    /// <param name="environment">The variables of the environment; those that begin with <c>IOTEVENTS__</c> override gateway.yaml.</param>
    /// <param name="errors">Takes what is wrong.</param>
    public static ConfigurationFolder Read(
        string folder, IEnumerable<KeyValuePair<string, string>> environment, SettingsErrors errors)
    {
        var (ruleFiles, devices) = ReadRules(folder, errors);
        return new ConfigurationFolder(
            SettingsEnvironment.Apply(Parse(ReadText(Path.Combine(folder, "gateway.yaml"), errors), errors), environment),
            Parse(devices, errors),
            Parse(ReadText(Path.Combine(folder, "alerts.yaml"), errors), errors),
            [.. ruleFiles.Select(file => Parse(file, errors))],
            Together(ruleFiles, devices));
    }

    /// <summary>Reads the texts of rules/*.yaml and devices.yaml alone, by the names that errors show.</summary>
    public static (IReadOnlyList<RuleFile> Rules, RuleFile Devices) ReadRules(string folder, SettingsErrors errors)
    {
        var rulesFolder = Path.Combine(folder, "rules");
        var rules = Directory.Exists(rulesFolder)
            ? Directory.EnumerateFiles(rulesFolder, "*.yaml").Concat(Directory.EnumerateFiles(rulesFolder, "*.yml"))
                .Order(StringComparer.Ordinal).Select(file => ReadText(file, errors)).ToList()
            : [];
        return (rules, ReadText(Path.Combine(folder, "devices.yaml"), errors));
    }

    /// <summary>The files as the journal keeps them.</summary>
    public static IReadOnlyList<RuleFile> Together(IReadOnlyList<RuleFile> rules, RuleFile devices) =>
        [.. rules, devices with { Name = Pipeline.RuleFiles.Devices }];

    /// <summary>A file as nodes.</summary>
    public static SettingsNode Parse(RuleFile file, SettingsErrors errors) => SettingsFile.Parse(file.Name, file.Text, errors);

    /// <summary>The text of a file, by the name that errors show; empty when it is not there.</summary>
    public static RuleFile ReadText(string file, SettingsErrors errors)
    {
        var shown = Path.GetRelativePath(Environment.CurrentDirectory, file);
        shown = shown.StartsWith("..", StringComparison.Ordinal) ? file : shown;
        try
        {
            return new RuleFile(shown, File.Exists(file) ? File.ReadAllText(file) : "");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            errors.Add(new SettingsError(shown, 0, 0, "", error.Message.TrimEnd('.'), "make the file readable for the gateway's user"));
            return new RuleFile(shown, "");
        }
    }
}
