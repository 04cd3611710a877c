using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using IotEvents.Devices.Contracts;

namespace IotEvents.Devices.Settings;

/// <summary>Reads the keys of one map: each with its type, range and default; notes what is wrong and goes on with the default.</summary>
/// <remarks>
/// Every call names a key that may stand in the map; <see cref="Done"/> then refuses every other key. That keeps key, unit,
/// range and default of a setting in one line of code, and makes a misspelt key an error.
/// </remarks>
public sealed class SettingsMap
{
    private readonly SettingsErrors _errors;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>Reads a node; one that is not a map is noted as an error and read as an empty map.</summary>
    public SettingsMap(SettingsNode node, SettingsErrors errors)
    {
        _errors = errors;
        Node = node;
        if (node.Members is null)
        {
            if (!node.IsNothing)
            {
                errors.Add(node, $"Here stands {node.Kind}, not keys and values", "write KEY: VALUE below it, indented");
            }

            Node = SettingsNode.EmptyMap(node.File, node.Path, node.Line, node.Column);
        }
    }

    /// <summary>The map itself.</summary>
    public SettingsNode Node { get; }

    /// <summary>Where errors are noted.</summary>
    public SettingsErrors Errors => _errors;

    /// <summary>True when the key stands in the map with a value.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>A text; <c>${file:PATH}</c> and <c>${env:NAME}</c> are replaced by what stands there.</summary>
    public string Text(string key, string byDefault) => Scalar(key) ?? byDefault;

    /// <summary>A text that has no default; null when it does not stand there.</summary>
    public string? OptionalText(string key) => Scalar(key);

    /// <summary>A text that must stand there. Notes an error and gives an empty text when it does not.</summary>
    public string RequiredText(string key, string example)
    {
        if (Scalar(key) is { Length: > 0 } text)
        {
            return text;
        }

        // Anything else that gave no text was noted when it was read.
        if (Find(key) is null or { Scalar: "" })
        {
            _errors.Add(Find(key) ?? Node, $"'{key}' is missing", $"add {key}: {example}");
        }

        return "";
    }

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public bool Flag(string key, bool byDefault) =>
        Parse(key, byDefault, TryParseFlag, "true or false");

    /// <summary>A whole number within a range, both ends allowed.</summary>
    public long WholeNumber(string key, long byDefault, long min, long max) =>
        InRange(key, Parse(key, byDefault, TryParseInteger, "a whole number"), byDefault, min, max, v => v.ToString(CultureInfo.InvariantCulture));

    /// <summary>A number within a range, both ends allowed.</summary>
    public double Number(string key, double byDefault, double min, double max) =>
        InRange(key, Parse(key, byDefault, TryParseNumber, "a number"), byDefault, min, max, v => v.ToString(CultureInfo.InvariantCulture));

    /// <summary>A length of time such as <c>20ms</c>, <c>5m</c>, <c>1h30m</c>, <c>30d</c>, within a range, both ends allowed.</summary>
    public TimeSpan Duration(string key, TimeSpan byDefault, TimeSpan min, TimeSpan max) =>
        InRange(key, Parse(key, byDefault, SettingsValues.TryParseDuration, "a length of time such as 20ms, 5m, 1h30m or 30d"),
            byDefault, min, max, SettingsValues.Format);

    /// <summary>As <see cref="Duration"/>, but null when the key does not stand there.</summary>
    public TimeSpan? OptionalDuration(string key, TimeSpan min, TimeSpan max)
    {
        _known.Add(key);
        return Has(key) ? Duration(key, min, min, max) : null;
    }

    /// <summary>An amount of bytes such as <c>256KiB</c> or <c>4GB</c>, within a range, both ends allowed.</summary>
    public long Bytes(string key, long byDefault, long min, long max) =>
        InRange(key, Parse(key, byDefault, SettingsValues.TryParseBytes, "a size such as 64KiB, 500MB or 4GB"),
            byDefault, min, max, v => $"{v} bytes");

    /// <summary>An address to listen on: <c>127.0.0.1:1883</c>, <c>[::1]:1883</c>, <c>0.0.0.0:1883</c>; port 0 is any free one.</summary>
    public IPEndPoint Listen(string key, IPEndPoint byDefault) =>
        Parse(key, byDefault, SettingsValues.TryParseEndPoint, "an address with a port, such as 127.0.0.1:1883");

    /// <summary>An absolute address with one of the given schemes; null when the key does not stand there.</summary>
    public Uri? Url(string key, params string[] schemes)
    {
        if (Scalar(key) is not { Length: > 0 } text)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && schemes.Contains(url.Scheme))
        {
            return url;
        }

        _errors.Add(Find(key)!, $"'{text}' is not an address", $"begin it with {string.Join(" or ", schemes.Select(s => s + "://"))}");
        return null;
    }

    /// <summary>One of the given words.</summary>
    public T Choice<T>(string key, T byDefault, params (string Name, T Value)[] choices)
    {
        if (Scalar(key) is not { } text)
        {
            return byDefault;
        }

        foreach (var (name, value) in choices)
        {
            if (name == text)
            {
                return value;
            }
        }

        _errors.Add(Find(key)!, $"'{text}' is not known here", Suggest(text, choices.Select(c => c.Name)));
        return byDefault;
    }

    /// <summary>A number with a unit, such as <c>2000 L</c>, <c>80 %</c> or <c>5</c>; null when the key does not stand there.</summary>
    public (double Value, Unit Unit)? Measure(string key)
    {
        if (Scalar(key) is not { } text)
        {
            return null;
        }

        if (SettingsValues.TryParseMeasure(text, out var value, out var unit))
        {
            return (value, unit);
        }

        _errors.Add(Find(key)!, $"'{text}' is not a number with a unit", "write it like 2000 L or 80 %");
        return null;
    }

    /// <summary>A map; empty when the key does not stand there. Call <see cref="Done"/> on it too.</summary>
    public SettingsMap Map(string key) =>
        new(Find(key) ?? SettingsNode.EmptyMap(Node.File, Node.Path.Length == 0 ? key : $"{Node.Path}.{key}", Node.Line, Node.Column), _errors);

    /// <summary>The maps of a list; none when the key does not stand there.</summary>
    public IReadOnlyList<SettingsMap> Maps(string key) =>
        [.. List(key).Select(item => new SettingsMap(item, _errors))];

    /// <summary>The texts of a list, or one text alone; none when the key does not stand there.</summary>
    public IReadOnlyList<string> Texts(string key)
    {
        if (Find(key) is { Scalar: { } single })
        {
            return single.Length == 0 ? [] : [Expand(Find(key)!, single)];
        }

        var texts = new List<string>();
        foreach (var item in List(key))
        {
            if (item.Scalar is { } text)
            {
                texts.Add(Expand(item, text));
            }
            else
            {
                _errors.Add(item, $"Here stands {item.Kind}, not a text", "write one text per item");
            }
        }

        return texts;
    }

    /// <summary>All members as texts, for maps whose keys are free, such as labels. Marks every key as known.</summary>
    public IReadOnlyDictionary<string, string> AllTexts()
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, _) in Node.Members!)
        {
            texts[key] = Scalar(key) ?? "";
        }

        return texts;
    }

    /// <summary>The keys as they stand in the file, for maps whose keys are free. Read each with one of the other methods.</summary>
    public IEnumerable<string> Keys => Node.Members!.Select(member => member.Key);

    /// <summary>Notes an error at a key, or at the map when the key does not stand there.</summary>
    public void Refuse(string key, string message, string mend) => _errors.Add(Node.Find(key) ?? Node, message, mend);

    /// <summary>Refuses every key that no call has named. Call it last.</summary>
    public void Done()
    {
        foreach (var (key, node) in Node.Members!)
        {
            if (!_known.Contains(key))
            {
                var (line, column) = node.KeyPlace;
                _errors.Add(new SettingsError(node.File, line, column, node.Path, $"The key '{key}' is not known here", Suggest(key, _known)));
            }
        }
    }

    private delegate bool TryParse<T>(string text, [MaybeNullWhen(false)] out T value);

    private static bool TryParseFlag(string text, out bool value)
    {
        value = text == "true";
        return text is "true" or "false";
    }

    private static bool TryParseInteger(string text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    private static bool TryParseNumber(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    private static string Suggest(string wrong, IEnumerable<string> known)
    {
        var names = known.Order(StringComparer.Ordinal).ToList();
        return SettingsValues.Nearest(wrong, names) is { } nearest
            ? $"did you mean '{nearest}'?"
            : names.Count == 0 ? "remove it" : $"known are: {string.Join(", ", names)}";
    }

    private SettingsNode? Find(string key)
    {
        _known.Add(key);
        return Node.Find(key);
    }

    private List<SettingsNode> List(string key)
    {
        var node = Find(key);
        if (node is null or { IsNothing: true })
        {
            return [];
        }

        if (node.Items is null)
        {
            _errors.Add(node, $"Here stands {node.Kind}, not a list", "write each item on a line of its own that begins with '- '");
        }

        return node.Items ?? [];
    }

    private string? Scalar(string key)
    {
        var node = Find(key);
        if (node is null)
        {
            return null;
        }

        if (node.Scalar is null)
        {
            _errors.Add(node, $"Here stands {node.Kind}, not a single value", $"write {key}: VALUE");
            return null;
        }

        return Expand(node, node.Scalar);
    }

    private string Expand(SettingsNode node, string text)
    {
        if (SettingsValues.TryExpand(text, out var expanded, out var problem))
        {
            return expanded;
        }

        _errors.Add(node, problem, "make it readable for the gateway's user, or write the value itself");
        return "";
    }

    private T Parse<T>(string key, T byDefault, TryParse<T> parse, string expected)
    {
        if (Scalar(key) is not { } text)
        {
            return byDefault;
        }

        if (parse(text, out var value))
        {
            return value;
        }

        _errors.Add(Find(key)!, $"'{text}' is not {expected}", $"write {expected}");
        return byDefault;
    }

    private T InRange<T>(string key, T value, T byDefault, T min, T max, Func<T, string> format)
        where T : IComparable<T>
    {
        if (value.CompareTo(min) >= 0 && value.CompareTo(max) <= 0)
        {
            return value;
        }

        _errors.Add(Find(key)!, $"{format(value)} is out of range", $"choose from {format(min)} to {format(max)}");
        return byDefault;
    }
}
