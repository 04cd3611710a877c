using IotEvents.Devices.Settings;
using IotEvents.Gateway.Alerts;
using IotEvents.Gateway.Hosting.Composition;
using IotEvents.Gateway.Hosting.Configuration;
using IotEvents.Gateway.Pipeline;
using IotEvents.Gateway.Plans;
using IotEvents.Gateway.Rules;

namespace IotEvents.Gateway.Hosting.Planning;

/// <summary>Reads rule files that came over HTTP, to check or plan them. Whatever is wrong is an error with its place.</summary>
/// <remarks>
/// They are foreign: a place such as <c>${file:PATH}</c> in them is refused, because an error would say what stands there. How
/// channels send is left out of alerts.yaml for the same reason; a plan needs their names alone.
/// </remarks>
internal static class PostedRules
{
    private const string Routes = "alerts.yaml";
    private const string Settings = "gateway.yaml";

    /// <summary>Reads the files.</summary>
    /// <param name="files">Rules; beside them devices.yaml and alerts.yaml, where they are not those in force.</param>
    /// <param name="inForce">What holds where the files say nothing.</param>
    /// <param name="errors">Takes what is wrong; when there is any, the result must not be used.</param>
    public static PlannedRules Read(IReadOnlyList<RuleFile> files, PlannedRules inForce, SettingsErrors errors)
    {
        var nodes = files.ToLookup(file => RoleOf(file.Name), file => SettingsFile.Parse(file.Name, file.Text, errors));
        var (devices, routes) = (One(nodes[RuleFiles.Devices], errors), One(nodes[Routes], errors));
        foreach (var settings in nodes[Settings])
        {
            errors.Add(settings, "The settings of a running gateway stay as they are", "leave this file out");
        }

        routes = routes is null ? null : WithoutSettings(routes);
        foreach (var root in nodes[""].Append(devices).Append(routes).OfType<SettingsNode>())
        {
            RefuseSecrets(root, errors);
        }

        if (!errors.IsEmpty)
        {
            return inForce;
        }

        IEnumerable<string>? channels = null;
        var alerts = routes is null ? inForce.Routes : NotifiedChannels.ReadAlerts(routes, mayBeMissing: true, errors, out channels);
        NotifiedChannels.Check(nodes[""], channels, errors);
        return inForce with
        {
            Rules = RuleSet.Load(nodes[""], errors),
            Devices = devices is null ? inForce.Devices
                : DeviceDirectory.Read(new SettingsMap(devices, errors), [.. PayloadDecoderList.All.Names]),
            Routes = alerts,
        };
    }

    private static string RoleOf(string name) =>
        Path.GetFileName(name.Replace('\\', '/')) is RuleFiles.Devices or Routes or Settings
            ? Path.GetFileName(name.Replace('\\', '/')) : "";

    private static SettingsNode? One(IEnumerable<SettingsNode> nodes, SettingsErrors errors)
    {
        SettingsNode? first = null;
        foreach (var node in nodes)
        {
            if (first is not null)
            {
                errors.Add(node, $"There is another file of that name, {first.File}", "send one of the two");
            }

            first ??= node;
        }

        return first;
    }

    private static void RefuseSecrets(SettingsNode node, SettingsErrors errors)
    {
        if (node.Scalar is { } text && text.StartsWith("${", StringComparison.Ordinal))
        {
            errors.Add(node, "Files and variables of the gateway are not read for what comes over HTTP",
                "write the value itself, or plan beside the data folder with --data");
        }

        foreach (var child in (node.Items ?? []).Concat((node.Members ?? []).Select(member => member.Value)))
        {
            RefuseSecrets(child, errors);
        }
    }

    private static SettingsNode WithoutSettings(SettingsNode alerts) => Map(alerts, [.. alerts.Members!.Select(member =>
        member.Key == "channels" && member.Value.Items is { } channels
            ? new KeyValuePair<string, SettingsNode>(member.Key, new SettingsNode
            {
                File = member.Value.File,
                Path = member.Value.Path,
                Line = member.Value.Line,
                Column = member.Value.Column,
                Items = [.. channels.Select(NameAlone)],
            })
            : member)]);

    private static SettingsNode NameAlone(SettingsNode channel) => channel.Members is not { } members ? channel : Map(channel,
    [
        .. members.Where(member => member.Key == "name"),
        new("kind", new SettingsNode { File = channel.File, Path = $"{channel.Path}.kind", Scalar = AlertsOptions.LogChannelName }),
    ]);

    private static SettingsNode Map(SettingsNode node, List<KeyValuePair<string, SettingsNode>> members) => new()
    {
        File = node.File,
        Path = node.Path,
        Line = node.Line,
        Column = node.Column,
        Members = members,
    };
}
