using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace IotEvents.Devices.Settings;

/// <summary>Reads YAML into nodes that know their place: a strict corner of YAML, so that a file cannot surprise.</summary>
/// <remarks>
/// Refused: tags, anchors and aliases (a few lines of them unfold to gigabytes), several documents, a key twice, nesting
/// beyond <see cref="DepthMax"/>, files beyond <see cref="CharactersMax"/>. Scalars stay text: what <c>no</c> or <c>1e3</c>
/// means is decided by the setting that reads it, never by YAML.
/// </remarks>
public static class SettingsFile
{
    /// <summary>The deepest nesting that is followed.</summary>
    public const int DepthMax = 32;

    /// <summary>The longest file that is read, in characters.</summary>
    public const int CharactersMax = 1_000_000;

    private const string Mend = "check indentation (spaces, no tabs), quotes and brackets";

    /// <summary>Reads one document.</summary>
    /// <param name="file">The path to show in errors.</param>
    /// <param name="text">The YAML text; empty or only comments is an empty map.</param>
    /// <param name="errors">Takes what is wrong.</param>
    /// <returns>The document's root, always a map; empty after an error.</returns>
    public static SettingsNode Parse(string file, string text, SettingsErrors errors)
    {
        if (text.Length > CharactersMax)
        {
            errors.Add(new SettingsError(file, 0, 0, "", $"The file has {text.Length:N0} characters; at most {CharactersMax:N0} are read",
                "split it"));
            return SettingsNode.EmptyMap(file, "");
        }

        var parser = new Parser(new StringReader(text));
        try
        {
            parser.Consume<StreamStart>();
            if (parser.TryConsume<StreamEnd>(out _))
            {
                return SettingsNode.EmptyMap(file, "", 1, 1);
            }

            parser.Consume<DocumentStart>();
            var root = Read(parser, file, "", 0);
            parser.Consume<DocumentEnd>();
            if (!parser.Accept<StreamEnd>(out _))
            {
                throw Refuse(parser.Current!, "A second document begins here", "keep one document per file");
            }

            if (root.Members is null)
            {
                if (root.Scalar is { Length: 0 })
                {
                    return SettingsNode.EmptyMap(file, "", 1, 1);
                }

                errors.Add(root, $"The file holds {root.Kind}, not keys and values", "begin with a key and a colon");
                return SettingsNode.EmptyMap(file, "");
            }

            return root;
        }
        catch (RefusedException refused)
        {
            errors.Add(new SettingsError(file, Line(refused.Start), Column(refused.Start), "", refused.Message, refused.Mend));
        }
        catch (YamlException yaml)
        {
            var reason = yaml.InnerException?.Message ?? yaml.Message;
            errors.Add(new SettingsError(
                file, Line(yaml.Start), Column(yaml.Start), "", $"This is not YAML: {reason.TrimEnd('.')}", Mend));
        }
        catch (InvalidOperationException)
        {
            // The parser's way to say that it lost its footing, for example in a bracket that never closes.
            var near = parser.Current?.End ?? Mark.Empty;
            errors.Add(new SettingsError(file, Line(near), Column(near), "", "This is not YAML: it breaks off behind this place", Mend));
        }

        return SettingsNode.EmptyMap(file, "");
    }

    private static SettingsNode Read(Parser parser, string file, string path, int depth)
    {
        var current = parser.Current!;
        if (depth > DepthMax)
        {
            throw Refuse(current, $"Nested deeper than {DepthMax} levels", "flatten it");
        }

        if (current is AnchorAlias)
        {
            throw Refuse(current, "Aliases are not supported", "write the value out");
        }

        if (current is NodeEvent node && (!node.Anchor.IsEmpty || (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific)))
        {
            throw Refuse(current, "Anchors and tags are not supported", "write the plain value");
        }

        int line = Line(current.Start), column = Column(current.Start);
        if (parser.TryConsume<Scalar>(out var scalar))
        {
            var isNull = scalar.Style == ScalarStyle.Plain && scalar.Value is "~" or "null";
            return new SettingsNode
            {
                File = file,
                Path = path,
                Line = line,
                Column = column,
                Scalar = isNull ? "" : scalar.Value,
                IsQuoted = scalar.Style is ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted,
                IsMultiline = scalar.Style is ScalarStyle.Literal or ScalarStyle.Folded || Line(scalar.End) != line,
            };
        }

        if (parser.TryConsume<SequenceStart>(out _))
        {
            var items = new List<SettingsNode>();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(Read(parser, file, $"{path}[{items.Count}]", depth + 1));
            }

            return new SettingsNode { File = file, Path = path, Line = line, Column = column, Items = items };
        }

        parser.Consume<MappingStart>();
        var members = new List<KeyValuePair<string, SettingsNode>>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.TryConsume<Scalar>(out var key))
            {
                throw Refuse(parser.Current!, "A key must be a single word", "write KEY: VALUE");
            }

            if (!keys.Add(key.Value))
            {
                throw Refuse(key, $"The key '{key.Value}' stands here a second time", "remove one of the two");
            }

            var value = Read(parser, file, path.Length == 0 ? key.Value : $"{path}.{key.Value}", depth + 1);
            value.KeyPlace = (Line(key.Start), Column(key.Start));
            members.Add(new(key.Value, value));
        }

        return new SettingsNode { File = file, Path = path, Line = line, Column = column, Members = members };
    }

    private static int Line(Mark mark) => (int)mark.Line;

    private static int Column(Mark mark) => (int)mark.Column;

    private static RefusedException Refuse(ParsingEvent at, string message, string mend) => new(message, mend, at.Start);

#pragma warning disable CA1032, CA1064 // Never leaves this class: it only unwinds the recursion to the place that notes the error.
    private sealed class RefusedException(string message, string mend, Mark start) : Exception(message)
    {
        public string Mend { get; } = mend;

        public Mark Start { get; } = start;
    }
#pragma warning restore CA1032, CA1064
}
