using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Tracks;

namespace IotEvents.Gateway.Rules.Binding;

/// <summary>The devices and groups that rules judge as a whole, made when the first of their series appears.</summary>
internal sealed class SubjectTracks
{
    private static readonly Dictionary<string, string> NoLabels = [];

    private readonly RuleSet _rules;
    private readonly RuleBinding _binding;
    private readonly RuleIndex _index = new();
    private readonly Dictionary<(string Rule, string Subject), SubjectTrack> _tracks = [];
    private readonly Dictionary<string, List<SubjectTrack>> _tracksOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<SeriesTrack>> _selectedBy = new(StringComparer.Ordinal);

    /// <summary>For the rules that are about devices or groups.</summary>
    public SubjectTracks(RuleSet rules, RuleBinding binding)
    {
        (_rules, _binding) = (rules, binding);
        for (var i = 0; i < rules.Rules.Count; i++)
        {
            var rule = rules.Rules[i];
            if (rule.Scope is RuleScope.Device or RuleScope.Group)
            {
                _index.Add(rule.Match.Devices, rule.Scope == RuleScope.Group ? rule.Match.Metrics : NamedBy(rule), rule.Match.Labels, i);
                foreach (var selector in rule.Asks.Needs.Selectors)
                {
                    _index.Add([selector.Device ?? ""], [selector.Metric], NoLabels, i);
                }
            }
        }
    }

    /// <summary>All of them.</summary>
    public IEnumerable<SubjectTrack> All => _tracks.Values;

    /// <summary>The device or group that a rule judges under a name; null when it has not appeared.</summary>
    public SubjectTrack? Find(string rule, string name) => _tracks.GetValueOrDefault((rule, name));

    /// <summary>A series has appeared.</summary>
    /// <returns>Those that are judged when something of it comes, in the order of the rule set.</returns>
    public SubjectTrack[] Appear(SeriesTrack track, DeviceDescription device)
    {
        var watchers = new List<SubjectTrack>();
        foreach (var index in _index.Candidates(track.Series, device))
        {
            var rule = _rules.Rules[index];
            if (rule.Scope == RuleScope.Group && rule.Match.Fits(track.Series, device))
            {
                var group = SubjectOf(rule, index, GroupOf(rule, track.Series, device));
                group.Members.Add(track, _binding.ScopeOfMember(track));
                watchers.Add(group);
            }
            else if (rule.Scope == RuleScope.Device && rule.Match.FitsDevice(device) && Concerns(rule, track.Series))
            {
                watchers.Add(SubjectOf(rule, index, new Series(-1, track.Series.Device, "", Unit.None)));
            }

            if (rule.Asks.Needs.Selectors.Any(selector => RuleBinding.Fits(selector, track.Series)))
            {
                Of(_selectedBy, rule).Add(track);
                watchers.AddRange(Of(_tracksOf, rule).Where(it => !watchers.Contains(it)));
            }
        }

        return [.. watchers];
    }

    private SubjectTrack SubjectOf(Rule rule, int index, Series subject)
    {
        var key = (rule.Id, subject.Name);
        if (_tracks.TryGetValue(key, out var track))
        {
            return track;
        }

        track = new SubjectTrack(rule, subject);
        track.Instances = [_binding.Create(index, track)];
        _tracks[key] = track;
        Of(_tracksOf, rule).Add(track);
        foreach (var selected in Of(_selectedBy, rule))
        {
            selected.Watchers = [.. selected.Watchers, track];
        }

        return track;
    }

    private static List<T> Of<T>(Dictionary<string, List<T>> lists, Rule rule) =>
        lists.TryGetValue(rule.Id, out var list) ? list : lists[rule.Id] = [];

    /// <summary>The metrics with which a rule about a device may be judged; empty when that may be any of one device or another.</summary>
    private static string[] NamedBy(Rule rule) => rule.Asks.Needs.Others.Any(name => name.Device is null)
        ? [.. rule.Asks.Needs.Others.Select(name => name.Metric).Distinct()]
        : [];

    /// <summary>A rule about a device is judged when one of the metrics it names comes; when it names none, with whatever comes.</summary>
    private static bool Concerns(Rule rule, Series series)
    {
        var own = rule.Asks.Needs.Others.Where(name => name.Device is null || name.Device == series.Device).ToList();
        return own.Count == 0 || own.Exists(name => name.Metric == series.Metric);
    }

    private static Series GroupOf(Rule rule, Series series, DeviceDescription device)
    {
        var name = rule.GroupBy!.Count == 0
            ? string.Join('|', rule.Match.Devices)
            : string.Join(',', rule.GroupBy.Select(label => $"{label}={device.Labels.GetValueOrDefault(label, "")}"));
        return new Series(-1, name, rule.Match.Metrics.Count == 1 ? rule.Match.Metrics[0] : "", series.Unit);
    }
}
