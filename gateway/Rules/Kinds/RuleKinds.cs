using System.Collections.Frozen;
using IotEvents.Devices.Settings;

namespace IotEvents.Gateway.Rules.Kinds;

/// <summary>All rule kinds: one line each.</summary>
internal static class RuleKinds
{
    private static readonly FrozenDictionary<string, IRuleKind> ByName = new IRuleKind[]
    {
        new AbsenceKind(),
        new AnomalyKind(),
        new ChangeKind(),
        new FlappingKind(),
        new StatesKind(),
        new StuckKind(),
        new ThresholdKind(),
    }.ToFrozenDictionary(kind => kind.Name, StringComparer.Ordinal);

    /// <summary>Their names.</summary>
    public static IReadOnlyCollection<string> Names => ByName.Keys;

    /// <summary>The kind that the key <c>kind</c> asks for; the threshold kind when it does not stand there.</summary>
    public static IRuleKind Choose(SettingsMap settings) =>
        settings.Choice("kind", ByName[ThresholdKind.KindName], [.. ByName.Select(kind => (kind.Key, kind.Value))]);
}
