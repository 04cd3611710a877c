using System.Collections.Concurrent;
using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Ingest;
using IotEvents.Gateway.Normalize.Signatures;

namespace IotEvents.Gateway.Hosting.Configuration;

/// <summary>What <c>devices.yaml</c> says: decoders by topic; names, labels, attributes and units of devices.</summary>
public sealed class DeviceDirectory : IDeviceDirectory
{
    /// <summary>Descriptions remembered for devices the settings do not name; beyond it each is made anew.</summary>
    private const int RememberedMax = 100_000;

    private readonly Dictionary<string, DeviceDescription> _described;
    private readonly ConcurrentDictionary<string, DeviceDescription> _others = new(StringComparer.Ordinal);

    private DeviceDirectory(IReadOnlyList<TopicRule> topics, Dictionary<string, DeviceDescription> described)
    {
        Topics = topics;
        _described = described;
    }

    /// <summary>Topic filters with their decoders, in the order of the file.</summary>
    public IReadOnlyList<TopicRule> Topics { get; }

    /// <summary>The devices the settings name.</summary>
    public IReadOnlyCollection<DeviceDescription> Described => _described.Values;

    /// <inheritdoc/>
    public DeviceDescription Find(string device)
    {
        if (_described.TryGetValue(device, out var description) || _others.TryGetValue(device, out description))
        {
            return description;
        }

        description = new DeviceDescription { Id = device, Name = device };
        if (_others.Count < RememberedMax)
        {
            _others[device] = description;
        }

        return description;
    }

    /// <summary>Reads the file.</summary>
    /// <param name="settings">The root of devices.yaml.</param>
    /// <param name="decoders">The names of all decoders.</param>
    public static DeviceDirectory Read(SettingsMap settings, IReadOnlyCollection<string> decoders)
    {
        var topics = settings.Maps("topics").Select(topic => ReadTopic(topic, decoders)).ToList();
        var described = new Dictionary<string, DeviceDescription>(StringComparer.Ordinal);
        var places = new Dictionary<string, SettingsMap>(StringComparer.Ordinal);
        foreach (var device in settings.Maps("devices"))
        {
            var description = ReadDevice(device);
            if (description.Id.Length > 0 && !described.TryAdd(description.Id, description))
            {
                device.Refuse("id", $"The device '{description.Id}' stands here a second time", "remove one of the two");
            }

            places.TryAdd(description.Id, device);
        }

        RefuseCircles(described, places);
        settings.Done();
        return new DeviceDirectory(topics, described);
    }

    private static TopicRule ReadTopic(SettingsMap settings, IReadOnlyCollection<string> decoders)
    {
        var filter = settings.RequiredText("match", "tele/+/SENSOR");
        var decoder = settings.Choice("decoder", "json", [.. decoders.Select(name => (name, name))]);
        if (filter.Split('/') is var levels && levels.Where((level, i) => IsWrong(level, isLast: i == levels.Length - 1)).Any())
        {
            settings.Refuse("match", $"'{filter}' is not a topic filter", "use + for one whole level and # for all that follow, at the end");
        }

        settings.Done();
        return new TopicRule(filter, decoder);
    }

    private static bool IsWrong(string level, bool isLast) =>
        (level.Contains('#') && (level != "#" || !isLast)) || (level.Contains('+') && level != "+");

    private static DeviceDescription ReadDevice(SettingsMap settings)
    {
        var id = settings.RequiredText("id", "tank-1");
        var description = new DeviceDescription
        {
            Id = id,
            Name = settings.Text("name", id),
            Parent = ReadParent(settings, id),
            Labels = settings.Map("labels").AllTexts(),
            Attributes = ReadAttributes(settings.Map("attributes")),
            Units = ReadUnits(settings.Map("units")),
            IgnoredSignatures = ReadIgnored(settings),
        };
        settings.Done();
        return description;
    }

    private static string? ReadParent(SettingsMap settings, string id)
    {
        var parent = settings.OptionalText("parent");
        if (parent == id)
        {
            settings.Refuse("parent", "A device does not speak through itself", "name the gateway it speaks through, or remove 'parent'");
        }

        return parent;
    }

    // Of devices that speak through each other each would hide the silence of the others. Each circle is noted once.
    private static void RefuseCircles(Dictionary<string, DeviceDescription> described, Dictionary<string, SettingsMap> places)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var id in described.Keys)
        {
            var way = new List<string>();
            for (string? next = id; next is not null && seen.Add(next); next = described.GetValueOrDefault(next)?.Parent)
            {
                way.Add(next);
            }

            // The parent that closes a circle is one of this way; one that was seen on another way closes none.
            var begin = way.Count == 0 ? -1 : way.IndexOf(described.GetValueOrDefault(way[^1])?.Parent ?? "");
            if (begin >= 0 && way.Count - begin > 1)
            {
                places[way[^1]].Refuse("parent", $"These devices speak through each other: {string.Join(" -> ", way[begin..])} -> {way[begin]}",
                    "remove 'parent' of the one that speaks to the gateway itself");
            }
        }
    }

    private static Dictionary<string, Quantity> ReadAttributes(SettingsMap settings)
    {
        var attributes = new Dictionary<string, Quantity>(StringComparer.Ordinal);
        foreach (var name in settings.Keys)
        {
            if (settings.Measure(name) is { } measure)
            {
                attributes[name] = new Quantity(measure.Value, measure.Unit);
            }
        }

        return attributes;
    }

    private static List<string> ReadIgnored(SettingsMap settings)
    {
        var ignored = settings.Texts("ignore_signatures").ToList();
        foreach (var name in ignored.Where(name => name != SignatureList.AllNames && !SignatureList.Names.Contains(name)))
        {
            settings.Refuse(
                "ignore_signatures", $"No sensor signature is called '{name}'",
                SettingsValues.Nearest(name, SignatureList.Names) is { } nearest
                    ? $"did you mean '{nearest}'?"
                    : $"write all, or names out of 'iotevents quality list': {string.Join(", ", SignatureList.Names)}");
        }

        return ignored;
    }

    private static Dictionary<string, Unit> ReadUnits(SettingsMap settings)
    {
        var units = new Dictionary<string, Unit>(StringComparer.Ordinal);
        foreach (var (metric, text) in settings.AllTexts())
        {
            if (Units.TryParse(text, out var unit) && unit.IsKnown)
            {
                units[metric] = unit;
            }
            else
            {
                settings.Refuse(metric, $"No unit is called '{text}'", "use a SenML unit or a usual spelling, such as Cel, degF, %RH, kWh, hPa");
            }
        }

        return units;
    }
}
