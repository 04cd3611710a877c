using IotEvents.Devices.Settings;

namespace IotEvents.Gateway.Hosting.Configuration;

/// <summary>The files of the configuration folder as nodes: gateway.yaml, devices.yaml, alerts.yaml and rules/*.yaml.</summary>
/// <remarks>A file that is not there is an empty one: an empty folder is a valid gateway. Other files are left alone.</remarks>
public sealed class ConfigurationFolder
{
    private ConfigurationFolder(SettingsNode gateway, SettingsNode devices, SettingsNode alerts, IReadOnlyList<SettingsNode> rules)
    {
        Gateway = gateway;
        Devices = devices;
        Alerts = alerts;
        Rules = rules;
    }

    /// <summary>gateway.yaml, with the environment's overrides.</summary>
    public SettingsNode Gateway { get; }

    /// <summary>devices.yaml.</summary>
    public SettingsNode Devices { get; }

    /// <summary>alerts.yaml.</summary>
    public SettingsNode Alerts { get; }

    /// <summary>rules/*.yaml in the order of their names.</summary>
    public IReadOnlyList<SettingsNode> Rules { get; }

    /// <summary>Reads the folder.</summary>
    /// <param name="folder">The folder; one that does not exist is an empty one.</param>
    /// <param name="environment">The variables of the environment; those that begin with <c>IOTEVENTS__</c> override gateway.yaml.</param>
    /// <param name="errors">Takes what is wrong.</param>
    public static ConfigurationFolder Read(
        string folder, IEnumerable<KeyValuePair<string, string>> environment, SettingsErrors errors)
    {
        var rulesFolder = Path.Combine(folder, "rules");
        var rules = Directory.Exists(rulesFolder)
            ? Directory.EnumerateFiles(rulesFolder, "*.yaml").Concat(Directory.EnumerateFiles(rulesFolder, "*.yml"))
                .Order(StringComparer.Ordinal).Select(file => ReadFile(file, errors)).ToList()
            : [];
        var gateway = SettingsEnvironment.Apply(ReadFile(Path.Combine(folder, "gateway.yaml"), errors), environment);
        return new ConfigurationFolder(
            gateway,
            ReadFile(Path.Combine(folder, "devices.yaml"), errors),
            ReadFile(Path.Combine(folder, "alerts.yaml"), errors),
            rules);
    }

    private static SettingsNode ReadFile(string file, SettingsErrors errors)
    {
        var shown = Path.GetRelativePath(Environment.CurrentDirectory, file);
        shown = shown.StartsWith("..", StringComparison.Ordinal) ? file : shown;
        try
        {
            return SettingsFile.Parse(shown, File.Exists(file) ? File.ReadAllText(file) : "", errors);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            errors.Add(new SettingsError(shown, 0, 0, "", error.Message.TrimEnd('.'), "make the file readable for the gateway's user"));
            return SettingsFile.Parse(shown, "", errors);
        }
    }
}
