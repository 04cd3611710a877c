using System.Text.Json.Serialization;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Rules;

namespace IotEvents.Gateway.Api.Views;

/// <summary>What a reload of the rules did.</summary>
public sealed record ReloadView
{
    /// <summary>Lines of an answer at most; the counts are of all.</summary>
    public const int LinesMax = 10_000;

    /// <summary>How many rules are in force.</summary>
    public required int Rules { get; init; }

    /// <summary>What pended or fired and goes on with its times.</summary>
    public required int Kept { get; init; }

    /// <summary>What pended or fired and begins anew, because what its rule asks now does not hold.</summary>
    public required int Reset { get; init; }

    /// <summary>What pended or fired and is gone with its rule.</summary>
    public required int Dropped { get; init; }

    /// <summary>One line for each of them.</summary>
    public required IReadOnlyList<ReloadLineView> Lines { get; init; }

    /// <summary>What is allowed but cannot be meant.</summary>
    public required IReadOnlyList<SettingsErrorView> Warnings { get; init; }

    /// <summary>What is wrong; when there is any, nothing was changed. An answer that has some is a problem.</summary>
    [JsonIgnore]
    public IReadOnlyList<SettingsErrorView> Errors { get; init; } = [];
}

/// <summary>How the rules in force came to be, and what was refused since.</summary>
/// <param name="At">When they were put in force, in milliseconds since 1970.</param>
/// <param name="By">Who wanted it: <c>start</c>, <c>signal</c>, a user, an address.</param>
/// <param name="Reload">What became of what pended or fired.</param>
/// <param name="Refused">The last attempt since then that was refused; null when none was.</param>
public sealed record ReceiptView(long At, string By, ReloadView Reload, RefusalView? Refused);

/// <summary>A reload that was refused: the rules in force went on.</summary>
/// <param name="At">When, in milliseconds since 1970.</param>
/// <param name="By">Who wanted it.</param>
/// <param name="Errors">What is wrong.</param>
public sealed record RefusalView(long At, string By, IReadOnlyList<SettingsErrorView> Errors);

/// <summary>What became of one rule with one series, device or group.</summary>
/// <param name="Fate"><c>kept</c>, <c>reset</c> or <c>dropped</c>.</param>
/// <param name="Rule">The rule's id as it is now; as it was when it is gone.</param>
/// <param name="Subject">The series, device or group.</param>
/// <param name="Stood"><c>pending</c> or <c>firing</c>: where it stood before.</param>
/// <param name="Why">In words.</param>
public sealed record ReloadLineView(string Fate, string Rule, string Subject, string Stood, string Why)
{
    internal static ReloadLineView Of(RuleReceiptLine line) =>
        new(line.Fate.Name(), line.Rule, line.Subject, line.State.Name(), line.Why);
}

/// <summary>Something wrong in a settings file.</summary>
/// <param name="File">The file as the gateway's command line names it.</param>
/// <param name="Line">From 1; 0 when there is no line.</param>
/// <param name="Column">From 1; 0 when there is no column.</param>
/// <param name="Key">The path of the key; empty for the document.</param>
/// <param name="Message">What is wrong, one sentence without a full stop.</param>
/// <param name="Mend">What to do about it.</param>
public sealed record SettingsErrorView(string File, int Line, int Column, string Key, string Message, string Mend)
{
    /// <summary><c>error</c> or <c>warning</c> where both stand in one list; null, and left out, where they do not.</summary>
    [JsonPropertyOrder(-1)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Severity { get; init; }

    internal static SettingsErrorView Of(SettingsError error) =>
        new(error.File, error.Line, error.Column, error.Key, error.Message, error.Mend);
}
