using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Rules.Binding;

/// <summary>Finds the rules that may judge a series, without asking all of them: most name their metric, and many their device.</summary>
internal sealed class RuleIndex
{
    private readonly Dictionary<(string Device, string Metric), List<int>> _bySeries = [];
    private readonly Dictionary<string, List<int>> _byMetric = new(StringComparer.Ordinal);
    private readonly List<int> _others = [];

    /// <summary>Over the rules about series.</summary>
    public RuleIndex(RuleSet rules)
    {
        for (var i = 0; i < rules.Rules.Count; i++)
        {
            if (rules.Rules[i].Scope == RuleScope.Series)
            {
                Add(rules.Rules[i].Match, i);
            }
        }
    }

    /// <summary>The places of the rules that may match, in the order of the rule set.</summary>
    public IEnumerable<int> Candidates(Series series)
    {
        var found = new List<int>(_others);
        found.AddRange(_byMetric.GetValueOrDefault(series.Metric) ?? []);
        found.AddRange(_bySeries.GetValueOrDefault((series.Device, series.Metric)) ?? []);
        found.Sort();
        return found.Distinct();
    }

    private void Add(RuleMatch match, int rule)
    {
        if (match.Metrics.Any(IsPattern))
        {
            _others.Add(rule);
            return;
        }

        foreach (var metric in match.Metrics)
        {
            if (match.Devices.Any(IsPattern))
            {
                List(_byMetric, metric).Add(rule);
                continue;
            }

            foreach (var device in match.Devices)
            {
                List(_bySeries, (device, metric)).Add(rule);
            }
        }
    }

    private static List<int> List<TKey>(Dictionary<TKey, List<int>> lists, TKey key)
        where TKey : notnull
    {
        if (!lists.TryGetValue(key, out var list))
        {
            lists[key] = list = [];
        }

        return list;
    }

    private static bool IsPattern(string text) => text.Contains('*') || text.Contains('?');
}
