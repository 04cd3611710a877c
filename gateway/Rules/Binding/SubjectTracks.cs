using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Tracks;

namespace IotEvents.Gateway.Rules.Binding;

/// <summary>The devices and groups that rules judge as a whole, made when the first of their series appears.</summary>
internal sealed class SubjectTracks
{
    private readonly List<(Rule Rule, int Index)> _rules = [];
    private readonly RuleBinding _binding;
    // In an order that does not depend on which series appeared first: what a restart or an edit says must not either.
    private readonly SortedDictionary<(int Rule, string Subject), SubjectTrack> _tracks = new(RuleInstance.Order);
    private readonly Dictionary<string, List<SeriesTrack>> _selectedBy = new(StringComparer.Ordinal);

    /// <summary>For the rules that are about devices or groups.</summary>
    public SubjectTracks(RuleSet rules, RuleBinding binding)
    {
        _binding = binding;
        for (var i = 0; i < rules.Rules.Count; i++)
        {
            if (rules.Rules[i].Scope is RuleScope.Device or RuleScope.Group)
            {
                _rules.Add((rules.Rules[i], i));
            }
        }
    }

    /// <summary>All of them, in the order of the rule set and of their names.</summary>
    public IEnumerable<SubjectTrack> All => _tracks.Values;

    /// <summary>A series has appeared.</summary>
    /// <returns>Those that are judged when something of it comes, in the order of the rule set.</returns>
    public SubjectTrack[] Appear(SeriesTrack track, DeviceDescription device)
    {
        var watchers = new List<SubjectTrack>();
        foreach (var (rule, index) in _rules)
        {
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
                SelectedBy(rule).Add(track);
                watchers.AddRange(_tracks.Values.Where(it => it.Rule == rule && !watchers.Contains(it)));
            }
        }

        return InOrder(watchers);
    }

    private SubjectTrack SubjectOf(Rule rule, int index, Series subject)
    {
        var key = (index, subject.Name);
        if (_tracks.TryGetValue(key, out var track))
        {
            return track;
        }

        track = new SubjectTrack(rule, subject);
        track.Instances = [_binding.Create(rule, index, track)];
        _tracks[key] = track;
        foreach (var selected in SelectedBy(rule))
        {
            selected.Watchers = InOrder([.. selected.Watchers, track]);
        }

        return track;
    }

    private static SubjectTrack[] InOrder(List<SubjectTrack> watchers) =>
        [.. watchers.OrderBy(static it => (it.Instances[0].RuleIndex, it.Series.Name), RuleInstance.Order)];

    private List<SeriesTrack> SelectedBy(Rule rule)
    {
        if (!_selectedBy.TryGetValue(rule.Id, out var tracks))
        {
            _selectedBy[rule.Id] = tracks = [];
        }

        return tracks;
    }

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
