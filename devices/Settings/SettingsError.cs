namespace IotEvents.Devices.Settings;

/// <summary>One thing wrong in a settings file: where, what, and how to mend it.</summary>
/// <param name="File">The file's path as the user gave it, or <c>environment</c>.</param>
/// <param name="Line">From 1; 0 when there is no line.</param>
/// <param name="Column">From 1; 0 when there is no column.</param>
/// <param name="Key">The path of the key, such as <c>mqtt.broker.listen</c>; empty for the document.</param>
/// <param name="Message">What is wrong, one sentence without a full stop.</param>
/// <param name="Mend">What to do about it, one sentence without a full stop.</param>
public sealed record SettingsError(string File, int Line, int Column, string Key, string Message, string Mend)
{
    /// <summary><c>FILE:LINE:COLUMN: KEY: MESSAGE; MEND</c>, one line.</summary>
    public override string ToString()
    {
        var place = Line > 0 ? $"{File}:{Line}:{Column}" : File;
        return $"{place}: {(Key.Length > 0 ? Key + ": " : "")}{Message}; {Mend}";
    }
}

/// <summary>All that is wrong in the settings. Readers go on after an error, so that a person mends everything at once.</summary>
public sealed class SettingsErrors
{
    private readonly List<SettingsError> _errors = [];

    /// <summary>What is wrong, in the order it was found.</summary>
    public IReadOnlyList<SettingsError> All => _errors;

    /// <summary>True when nothing is wrong.</summary>
    public bool IsEmpty => _errors.Count == 0;

    /// <summary>Adds what is wrong at a node.</summary>
    public void Add(SettingsNode node, string message, string mend) =>
        _errors.Add(new SettingsError(node.File, node.Line, node.Column, node.Path, message, mend));

    /// <summary>Adds what is wrong.</summary>
    public void Add(SettingsError error) => _errors.Add(error);
}
