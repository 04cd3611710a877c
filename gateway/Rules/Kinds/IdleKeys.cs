using IotEvents.Devices.Settings;

namespace IotEvents.Gateway.Rules.Kinds;

/// <summary>Keys that rules have, and that say nothing in a rule of some kind. Taken in silence, they would be believed.</summary>
internal static class IdleKeys
{
    private const string Silence = "say with 'after' how long the silence must be";
    private const string Watched = "remove it, or write it in the rules that are watched";

    private static readonly (string Kind, string Key, string Why, string Mend)[] All =
    [
        ("absence", "missing", "stands in a rule that is about nothing but silence", Silence),
        ("absence", "missing_after", "stands in a rule that is about nothing but silence", Silence),
        ("absence", "keep_firing_for", "does nothing here: a silence ends with the first reading", "remove it"),
        ("absence", "times", "does nothing here: a silence has no readings to count", $"remove it; {Silence}"),
        ("states", "for", "does nothing here: a state with a severity fires at once",
            "put a state without severity before it that is left by { after: 5m, to: STATE }"),
        ("flapping", "for", "does nothing in a rule that watches rules", Watched),
        ("flapping", "keep_firing_for", "does nothing in a rule that watches rules", "remove it; 'within' says how long it must be calm"),
        ("flapping", "times", "does nothing in a rule that watches rules", "say with 'changes' how many raises and ends are too many"),
        ("flapping", "schedule", "does nothing in a rule that watches rules", Watched),
        ("flapping", "quality", "does nothing in a rule that watches rules", Watched),
        ("flapping", "missing", "does nothing in a rule that watches rules", Watched),
        ("flapping", "missing_after", "does nothing in a rule that watches rules", Watched),
    ];

    /// <summary>The keys that say nothing in a rule of a kind.</summary>
    public static IEnumerable<string> Of(string kind) => All.Where(it => it.Kind == kind).Select(it => it.Key);

    /// <summary>Refuses those that stand in a rule.</summary>
    public static void Refuse(SettingsMap settings, string kind)
    {
        foreach (var (_, key, why, mend) in All.Where(it => it.Kind == kind && settings.Node.Find(it.Key) is not null))
        {
            settings.Refuse(key, $"'{key}' {why}", mend);
        }
    }

    /// <summary>Warns of a silence that counts, in a rule to which silence means nothing.</summary>
    public static void Warn(SettingsMap settings, MissingPolicy missing, List<SettingsError> warnings)
    {
        if (missing == MissingPolicy.Hold && settings.Node.Find("missing_after") is { } node)
        {
            warnings.Add(new SettingsError(node.File, node.Line, node.Column, node.Path,
                "'missing_after' does nothing: with 'missing: hold', the default, silence means nothing",
                "add missing: ok or missing: alert, or remove it"));
        }
    }
}
