using System.Net;
using IotEvents.Devices.Mqtt;
using IotEvents.Devices.Serial;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Alerts;
using IotEvents.Gateway.Api;
using IotEvents.Gateway.History;
using IotEvents.Gateway.Hosting.Clock;
using IotEvents.Gateway.Hosting.Composition;
using IotEvents.Gateway.Ingest.Mqtt;
using IotEvents.Gateway.Journal;
using IotEvents.Gateway.Normalize;
using IotEvents.Gateway.Pipeline;
using IotEvents.Gateway.Rules;
using IotEvents.Gateway.Sinks.InfluxDb;

namespace IotEvents.Gateway.Hosting.Configuration;

/// <summary>The whole configuration, read and checked: what the composition is built from.</summary>
public sealed record GatewaySettings
{
    /// <summary>The folder they were read from.</summary>
    public required string Folder { get; init; }

    /// <summary>The HTTP server.</summary>
    public required HttpOptions Http { get; init; }

    /// <summary>The embedded broker.</summary>
    public required MqttBrokerOptions Broker { get; init; }

    /// <summary>Brokers to read from.</summary>
    public required IReadOnlyList<MqttClientAdapterOptions> MqttClients { get; init; }

    /// <summary>Serial lines.</summary>
    public required IReadOnlyList<SerialOptions> Serial { get; init; }

    /// <summary>This computer's own sensors.</summary>
    public required IotEvents.Devices.Linux.HostOptions Linux { get; init; }

    /// <summary>When the clock is trusted.</summary>
    public required ClockOptions Clock { get; init; }

    /// <summary>Times, units, silence.</summary>
    public required NormalizeOptions Normalize { get; init; }

    /// <summary>The durable log.</summary>
    public required JournalOptions Journal { get; init; }

    /// <summary>The history.</summary>
    public required SeriesStoreOptions Store { get; init; }

    /// <summary>Copies to InfluxDB.</summary>
    public required IReadOnlyList<InfluxOptions> Influx { get; init; }

    /// <summary>What is known about devices.</summary>
    public required DeviceDirectory Devices { get; init; }

    /// <summary>Channels and routes.</summary>
    public required AlertsOptions Alerts { get; init; }

    /// <summary>The rules.</summary>
    public required RuleSet Rules { get; init; }

    /// <summary>The files that rules and devices were read from.</summary>
    public required IReadOnlyList<RuleFile> RuleFiles { get; init; }

    /// <summary>What holds for all rules (<c>rules:</c> in gateway.yaml).</summary>
    public required RuleEngineOptions RuleEngine { get; init; }

    /// <summary>Reads a folder. When <paramref name="errors"/> is not empty afterwards, the settings must not be used.</summary>
    /// <param name="folder">The configuration folder.</param>
    /// <param name="environment">The variables of the environment.</param>
    /// <param name="errors">Takes everything that is wrong.</param>
    /// <param name="mayLackAlerts">
    /// True when rules are read to be judged and nobody is told: where there is no alerts.yaml, they may notify any channel.
    /// </param>
    public static GatewaySettings Read(
        string folder, IEnumerable<KeyValuePair<string, string>> environment, SettingsErrors errors, bool mayLackAlerts = false)
    {
        var files = ConfigurationFolder.Read(folder, environment, errors);
        var gateway = new SettingsMap(files.Gateway, errors);
        var mqtt = gateway.Map("mqtt");
        var settings = new GatewaySettings
        {
            Folder = folder,
            Http = HttpOptions.Read(gateway.Map("http")),
            Broker = MqttBrokerOptions.Read(mqtt.Map("broker")),
            MqttClients = [.. mqtt.Maps("clients").Select(MqttClientAdapterOptions.Read)],
            Serial = [.. gateway.Maps("serial").Select(SerialOptions.Read)],
            Linux = IotEvents.Devices.Linux.HostOptions.Read(gateway.Map("linux")),
            Clock = ClockOptions.Read(gateway.Map("clock")),
            Normalize = NormalizeOptions.Read(gateway.Map("normalize")),
            Journal = JournalOptions.Read(gateway.Map("journal")),
            Store = SeriesStoreOptions.Read(gateway.Map("store")),
            Influx = [.. gateway.Maps("influx").Select(InfluxOptions.Read)],
            Devices = DeviceDirectory.Read(new SettingsMap(files.Devices, errors), [.. PayloadDecoderList.All.Names]),
            Alerts = NotifiedChannels.ReadAlerts(files.Alerts, mayLackAlerts, errors, out var channels),
            Rules = RuleSet.Load(files.Rules, errors),
            RuleFiles = files.RuleFiles,
            RuleEngine = RuleEngineOptions.Read(gateway.Map("rules")) with { SecondLook = SecondLook.New },
        };
        NotifiedChannels.Check(files.Rules, channels, errors);
        RefuseOneAddressForTwo(settings, gateway.Map("http"), mqtt.Map("broker"));
        mqtt.Done();
        gateway.Done();
        return settings;
    }

    /// <summary>What these settings say about rules.</summary>
    public RuleChange RuleChange => new(Rules, Devices, RuleFiles);

    /// <summary>Reads rules and devices of a folder again; null when something in them is wrong.</summary>
    /// <param name="folder">The configuration folder.</param>
    /// <param name="channels">The channels that the gateway runs with: alerts.yaml is read at the start alone.</param>
    /// <param name="errors">Takes everything that is wrong.</param>
    public static RuleChange? ReadRules(string folder, IEnumerable<string> channels, SettingsErrors errors)
    {
        var (rules, devices) = ConfigurationFolder.ReadRules(folder, errors);
        List<SettingsNode> nodes = [.. rules.Select(file => ConfigurationFolder.Parse(file, errors))];
        NotifiedChannels.Check(nodes, channels, errors, "; a new one needs a restart");
        var change = new RuleChange(
            RuleSet.Load(nodes, errors),
            DeviceDirectory.Read(new SettingsMap(ConfigurationFolder.Parse(devices, errors), errors), [.. PayloadDecoderList.All.Names]),
            ConfigurationFolder.Together(rules, devices));
        return errors.IsEmpty ? change : null;
    }

    /// <summary>Reads rules and devices from the texts of their files alone; null when something in them is wrong.</summary>
    public static RuleChange? ReadRules(IReadOnlyList<RuleFile> files, SettingsErrors errors)
    {
        var nodes = files.ToLookup(file => file.Name == Pipeline.RuleFiles.Devices, file => SettingsFile.Parse(file.Name, file.Text, errors));
        var devices = nodes[true].FirstOrDefault() ?? SettingsFile.Parse(Pipeline.RuleFiles.Devices, "", errors);
        var change = new RuleChange(
            RuleSet.Load(nodes[false], errors),
            DeviceDirectory.Read(new SettingsMap(devices, errors), [.. PayloadDecoderList.All.Names]), files);
        return errors.IsEmpty ? change : null;
    }

    // The second to listen would say that another program has the address, and there is none to stop.
    private static void RefuseOneAddressForTwo(GatewaySettings settings, SettingsMap http, SettingsMap broker)
    {
        if (settings.Broker.Enabled && Clash(settings.Http.Listen, settings.Broker.Listen))
        {
            var (where, other, otherKey) = broker.Has("listen") ? (broker, "HTTP", "http.listen") : (http, "the MQTT broker", "mqtt.broker.listen");
            where.Refuse("listen", $"{other} listens on {settings.Http.Listen.Port} too ({otherKey})", "give one of the two another port");
        }
    }

    private static bool Clash(IPEndPoint one, IPEndPoint other) =>
        one.Port != 0 && one.Port == other.Port && (one.Address.Equals(other.Address) || IsEvery(one.Address) || IsEvery(other.Address));

    private static bool IsEvery(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
