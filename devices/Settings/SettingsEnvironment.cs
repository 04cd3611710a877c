using System.Globalization;

namespace IotEvents.Devices.Settings;

/// <summary>Lays environment variables over settings: <c>IOTEVENTS__MQTT__BROKER__LISTEN</c> is <c>mqtt.broker.listen</c>.</summary>
public static class SettingsEnvironment
{
    /// <summary>What a node out of a variable names as its file.</summary>
    public const string File = "environment";

    /// <summary>The highest place in a list a variable may name.</summary>
    public const int IndexMax = 999;

    /// <summary>Gives the settings with the variables laid over them; the given root is not changed.</summary>
    /// <param name="root">The document's root, a map.</param>
    /// <param name="environment">All variables; those without the prefix are passed over.</param>
    /// <param name="prefix">Without regard to case, as everything in the names of variables.</param>
    /// <remarks>
    /// Parts are joined by two underscores. A part is a key, or the place of an item in a list, from 0; a place behind the
    /// end is the next one. A key that stands in the file is replaced as it is spelt there, a new one is written in small
    /// letters. The empty text is a value. Variables are laid on in the order of their names, so that the outcome does
    /// not depend on the environment's order.
    /// </remarks>
    public static SettingsNode Apply(
        SettingsNode root, IEnumerable<KeyValuePair<string, string>> environment, string prefix = "IOTEVENTS__")
    {
        foreach (var (name, value) in environment.OrderBy(variable => variable.Key, StringComparer.Ordinal))
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && name.Length > prefix.Length)
            {
                root = Set(root, name[prefix.Length..].Split("__"), 0, root.Path, value);
            }
        }

        return root;
    }

    private static SettingsNode Set(SettingsNode? node, string[] parts, int depth, string path, string value)
    {
        if (depth == parts.Length)
        {
            return new SettingsNode { File = File, Path = path, Scalar = value };
        }

        if (depth > SettingsFile.DepthMax)
        {
            return node ?? SettingsNode.EmptyMap(File, path);
        }

        var isPlace = int.TryParse(parts[depth], NumberStyles.None, CultureInfo.InvariantCulture, out var place) && place <= IndexMax;
        return isPlace && node?.Members is not { Count: > 0 }
            ? SetItem(node, place, parts, depth, path, value)
            : SetMember(node, parts, depth, path, value);
    }

    private static SettingsNode SetItem(SettingsNode? list, int place, string[] parts, int depth, string path, string value)
    {
        var items = new List<SettingsNode>(list?.Items ?? []);
        place = Math.Min(place, items.Count);
        var item = Set(place < items.Count ? items[place] : null, parts, depth + 1, $"{path}[{place}]", value);
        if (place < items.Count)
        {
            items[place] = item;
        }
        else
        {
            items.Add(item);
        }

        return new SettingsNode
        {
            File = list?.File ?? File,
            Path = path,
            Line = list?.Line ?? 0,
            Column = list?.Column ?? 0,
            Items = items,
        };
    }

    private static SettingsNode SetMember(SettingsNode? map, string[] parts, int depth, string path, string value)
    {
        var members = new List<KeyValuePair<string, SettingsNode>>(map?.Members ?? []);
        var at = members.FindIndex(member => string.Equals(member.Key, parts[depth], StringComparison.OrdinalIgnoreCase));
        var key = at < 0 ? parts[depth].ToLowerInvariant() : members[at].Key;
        var member = Set(at < 0 ? null : members[at].Value, parts, depth + 1, path.Length == 0 ? key : $"{path}.{key}", value);
        if (at < 0)
        {
            members.Add(new(key, member));
        }
        else
        {
            members[at] = new(key, member);
        }

        return new SettingsNode
        {
            File = map?.File ?? File,
            Path = path,
            Line = map?.Line ?? 0,
            Column = map?.Column ?? 0,
            Members = members,
        };
    }
}
