using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IotEvents.Devices.Settings;

namespace IotEvents.Tests.Gateway.Schema;

/// <summary>A file of settings as an editor sees it: plain scalars are what the core schema of YAML 1.2 says.</summary>
internal static partial class YamlAsJson
{
    public static JsonNode? Of(SettingsNode node)
    {
        if (node.Members is { } members)
        {
            return new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Of(member.Value))));
        }

        return node.Items is { } items ? new JsonArray([.. items.Select(Of)]) : Scalar(node.Scalar!, node.IsQuoted);
    }

    private static JsonNode? Scalar(string text, bool isQuoted)
    {
        if (isQuoted)
        {
            return JsonValue.Create(text);
        }

        if (text.Length == 0)
        {
            return null;
        }

        return text is "true" or "false" ? JsonValue.Create(text == "true")
            : !Number().IsMatch(text) ? JsonValue.Create(text)
            : JsonNumber().IsMatch(text) ? JsonNode.Parse(text)
            : JsonValue.Create(double.Parse(text, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")]
    private static partial Regex Number();

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$")]
    private static partial Regex JsonNumber();
}
