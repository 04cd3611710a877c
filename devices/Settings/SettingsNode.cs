namespace IotEvents.Devices.Settings;

/// <summary>A piece of a settings file that knows where it stands: a scalar, a list or a map.</summary>
public sealed class SettingsNode
{
    /// <summary>The file's path as the user gave it, or <c>environment</c>.</summary>
    public required string File { get; init; }

    /// <summary>From 1; 0 when it stands in no file.</summary>
    public int Line { get; init; }

    /// <summary>From 1; 0 when it stands in no file.</summary>
    public int Column { get; init; }

    /// <summary>The path of keys and places that leads here: <c>mqtt.clients[0].url</c>; empty for the document.</summary>
    public required string Path { get; init; }

    /// <summary>The text of a scalar; null for a list or a map. An empty value is the empty text.</summary>
    public string? Scalar { get; init; }

    /// <summary>Where the key of this value stands, from 1; line and column of the value when it has no key.</summary>
    public (int Line, int Column) KeyPlace
    {
        get => field.Line > 0 ? field : (Line, Column);
        internal set;
    }

    /// <summary>True for a scalar in quotes: its text begins one column after <see cref="Column"/>.</summary>
    public bool IsQuoted { get; init; }

    /// <summary>True for a scalar that stands on several lines: its text has lost the places of its characters.</summary>
    public bool IsMultiline { get; init; }

    /// <summary>The items of a list; null for a scalar or a map.</summary>
    public List<SettingsNode>? Items { get; init; }

    /// <summary>The members of a map in the order of the file; null for a scalar or a list.</summary>
    public List<KeyValuePair<string, SettingsNode>>? Members { get; init; }

    /// <summary>True for a key with nothing behind it; an empty text in quotes is a text.</summary>
    internal bool IsNothing => Scalar is "" && !IsQuoted;

    /// <summary>What it is, in words for an error.</summary>
    internal string Kind => Scalar is not null ? "a single value" : Items is not null ? "a list" : "a map";

    /// <summary>The column of a character of the scalar's text, by its place from 0; that of its beginning when it has several lines.</summary>
    public int ColumnOf(int character) => IsMultiline ? Column : Column + character + (IsQuoted ? 1 : 0);

    /// <summary>The member of that key; null when there is none or this is no map.</summary>
    public SettingsNode? Find(string key)
    {
        foreach (var member in Members ?? [])
        {
            if (member.Key == key)
            {
                return member.Value;
            }
        }

        return null;
    }

    internal static SettingsNode EmptyMap(string file, string path, int line = 0, int column = 0) =>
        new() { File = file, Path = path, Line = line, Column = column, Members = [] };
}
