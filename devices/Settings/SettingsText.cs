using System.Globalization;
using System.Text;

namespace IotEvents.Devices.Settings;

/// <summary>Writes nodes as YAML that reads back as the same nodes: the same meaning, without comments and spare spaces.</summary>
public static class SettingsText
{
    private const string PlainSigns = "_-./ ";

    /// <summary>A node as the only item of a list, with line ends.</summary>
    public static string Item(SettingsNode node)
    {
        var text = new StringBuilder();
        WriteItem(text, node, 0);
        return text.ToString();
    }

    private static void WriteItem(StringBuilder text, SettingsNode node, int depth)
    {
        Indent(text, depth).Append("- ");
        if (node.Members is { Count: > 0 } members)
        {
            // The first key stands behind the dash, the others below it.
            WriteMember(text, members[0], depth + 1);
            foreach (var member in members.Skip(1))
            {
                WriteMember(Indent(text, depth + 1), member, depth + 1);
            }
        }
        else if (node.Items is { Count: > 0 } items)
        {
            text.Append('[').AppendJoin(", ", items.Select(Flow)).Append("]\n");
        }
        else
        {
            text.Append(Flow(node)).Append('\n');
        }
    }

    private static void WriteMember(StringBuilder text, KeyValuePair<string, SettingsNode> member, int depth)
    {
        text.Append(Scalar(member.Key)).Append(':');
        if (member.Value.Items is { Count: > 0 } items && items.Exists(item => item.Scalar is null))
        {
            text.Append('\n');
            foreach (var item in items)
            {
                WriteItem(text, item, depth);
            }
        }
        else
        {
            text.Append(' ').Append(Flow(member.Value)).Append('\n');
        }
    }

    private static string Flow(SettingsNode node) =>
        node.Scalar is { } scalar ? Scalar(scalar)
        : node.Items is { } items ? $"[{string.Join(", ", items.Select(Flow))}]"
        : node.Members is { Count: > 0 } members ? $"{{ {string.Join(", ", members.Select(it => $"{Scalar(it.Key)}: {Flow(it.Value)}"))} }}"
        : "{}";

    private static StringBuilder Indent(StringBuilder text, int depth) => text.Append(' ', depth * 2);

    private static string Scalar(string text)
    {
        if (IsPlain(text))
        {
            return text;
        }

        var quoted = new StringBuilder("\"", text.Length + 2);
        foreach (var c in text)
        {
            if (c is '"' or '\\')
            {
                quoted.Append('\\').Append(c);
            }
            else if (char.IsControl(c) || c is '\u2028' or '\u2029' or '\ufeff')
            {
                quoted.Append("\\u").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture));
            }
            else
            {
                quoted.Append(c);
            }
        }

        return quoted.Append('"').ToString();
    }

    private static bool IsPlain(string text) => text.Length > 0 && text != "null" && char.IsAsciiLetterOrDigit(text[0]) && text[^1] != ' '
        && text.All(c => char.IsAsciiLetterOrDigit(c) || PlainSigns.Contains(c, StringComparison.Ordinal));
}
