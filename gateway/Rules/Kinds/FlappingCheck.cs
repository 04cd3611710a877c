using IotEvents.Devices.Settings;

namespace IotEvents.Gateway.Rules.Kinds;

/// <summary>Finds rules that watch no rule, or one that is watched already.</summary>
internal static class FlappingCheck
{
    /// <summary>Warns of patterns that fit no rule, and of rules that two would watch: only the first of the two acts.</summary>
    /// <param name="rules">All rules in the order of the files, and where they stand.</param>
    /// <param name="warnings">Takes what cannot be meant.</param>
    public static void Warn(IReadOnlyList<(Rule Rule, SettingsMap Settings)> rules, List<SettingsError> warnings)
    {
        var ids = rules.Where(it => it.Rule.Asks is not FlappingCondition).Select(it => it.Rule.Id).ToList();
        var before = new List<Rule>();
        foreach (var (rule, settings) in rules)
        {
            if (rule.Asks is not FlappingCondition asks)
            {
                continue;
            }

            foreach (var pattern in settings.Has("rules") ? asks.Rules.Where(pattern => !ids.Exists(id => Glob.Matches(pattern, id))) : [])
            {
                Add(warnings, settings, $"'{pattern}' is the id of no rule, so nothing is watched by it", "write the id of a rule, or a pattern such as too-*");
            }

            foreach (var (first, shared) in before.Select(first => (first, ids.Find(id => Watches(first, id) && Watches(rule, id)))))
            {
                if (shared is not null && Covers(first, rule))
                {
                    Add(warnings, settings, $"'{first.Id}' watches '{shared}' already, and of two such rules only the first acts",
                        "name other rules in 'rules', or other devices in 'match'");
                }
            }

            before.Add(rule);
        }
    }

    private static bool Watches(Rule flapping, string id) => ((FlappingCondition)flapping.Asks).Rules.Any(pattern => Glob.Matches(pattern, id));

    // Whether everything that the second is about is taken by the first; not known for patterns that only overlap.
    private static bool Covers(Rule first, Rule second) => first.Match.Canonical() == second.Match.Canonical()
        || (first.Match.Devices.Contains("*") && first.Match.Labels.Count == 0
            && (first.Match.Metrics.Count == 0 || first.Match.Metrics.Contains("*")));

    private static void Add(List<SettingsError> warnings, SettingsMap settings, string message, string mend)
    {
        var node = settings.Node.Find("rules") ?? settings.Node;
        warnings.Add(new SettingsError(node.File, node.Line, node.Column, node.Path, message, mend));
    }
}
