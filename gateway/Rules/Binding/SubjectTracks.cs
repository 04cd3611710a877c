using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Kinds;
using IotEvents.Gateway.Rules.Tracks;

namespace IotEvents.Gateway.Rules.Binding;

/// <summary>The devices and groups that rules judge as a whole, made when the first of their series appears.</summary>
internal sealed class SubjectTracks
{
    private static readonly Dictionary<string, string> NoLabels = [];

    private static readonly Comparer<SubjectTrack> ByPlace =
        Comparer<SubjectTrack>.Create(static (a, b) => RuleInstance.Order.Compare(Place(a), Place(b)));

    private readonly RuleSet _rules;
    private readonly RuleBinding _binding;
    private readonly RuleIndex _index = new();

    // A rule that names nothing of a device but attributes is judged with any metric of it: it is found by the attributes.
    private readonly RuleIndex _byAttribute = new();

    // In an order that does not depend on which series appeared first: what a restart or an edit says must not either.
    private readonly SortedDictionary<(int Rule, string Subject), SubjectTrack> _tracks = new(RuleInstance.Order);
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<SubjectTrack>> _heardOf = new(StringComparer.Ordinal);
    private readonly HashSet<SubjectTrack> _heard = [];
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
                _places[rule.Id] = i;
                Enter(rule, i);
                foreach (var selector in rule.Asks.Needs.Selectors)
                {
                    _index.Add([selector.Device ?? ""], [selector.Metric], NoLabels, i);
                }
            }
        }
    }

    /// <summary>All of them, in the order of the rule set and of their names.</summary>
    public IEnumerable<SubjectTrack> All => _tracks.Values;

    /// <summary>The device or group that a rule judges under a name; null when it has not appeared.</summary>
    public SubjectTrack? Find(string rule, string name) =>
        _places.TryGetValue(rule, out var place) ? _tracks.GetValueOrDefault((place, name)) : null;

    /// <summary>A series has appeared.</summary>
    /// <returns>Those that are judged when something of it comes, in the order of the rule set.</returns>
    public SubjectTrack[] Appear(SeriesTrack track, DeviceDescription device)
    {
        var watchers = new List<SubjectTrack>();
        foreach (var index in Candidates(track.Series, device))
        {
            var rule = _rules.Rules[index];
            if (rule.Scope == RuleScope.Group && rule.Match.Fits(track.Series, device))
            {
                var group = SubjectOf(rule, index, GroupOf(rule, track.Series, device), device);
                group.Members.Add(track, _binding.ScopeOf(track));
                Await(group, track);
                watchers.Add(group);
            }
            else if (rule.Scope == RuleScope.Device && rule.Match.FitsDevice(device) && Concerns(rule, track.Series, device))
            {
                var subject = SubjectOf(rule, index, new Series(-1, track.Series.Device, "", Unit.None), device);
                subject.Meet(track);
                Await(subject, track);
                watchers.Add(subject);
            }

            if (rule.Asks.Needs.Selectors.Any(selector => RuleBinding.Fits(selector, track.Series)))
            {
                Of(_selectedBy, rule).Add(track);
                watchers.AddRange(Of(_heardOf, rule).Where(it => !watchers.Contains(it)));
            }
        }

        return InOrder(watchers);
    }

    private void Enter(Rule rule, int index)
    {
        var (match, needs) = (rule.Match, rule.Asks.Needs);
        _index.Add(match.Devices, rule.Scope == RuleScope.Group ? match.Metrics : NamedBy(needs), match.Labels, index);
        if (rule.Scope == RuleScope.Device && needs.Names.Count > 0)
        {
            _byAttribute.Add(match.Devices, needs.Names, match.Labels, index);
        }
    }

    private IEnumerable<int> Candidates(Series series, DeviceDescription device)
    {
        IEnumerable<int> found = _index.Candidates(series, device);
        foreach (var attribute in device.Attributes.Keys)
        {
            found = found.Concat(_byAttribute.Candidates(new Series(-1, series.Device, attribute, Unit.None), device));
        }

        return device.Attributes.Count == 0 ? found : found.Distinct().Order();
    }

    /// <param name="rule">The rule.</param>
    /// <param name="index">Its place.</param>
    /// <param name="subject">The device or group.</param>
    /// <param name="device">The device, or that of the group's first member: what makes a group is the same for all.</param>
    private SubjectTrack SubjectOf(Rule rule, int index, Series subject, DeviceDescription device)
    {
        var key = (index, subject.Name);
        if (_tracks.TryGetValue(key, out var track))
        {
            return track;
        }

        track = new SubjectTrack(rule, subject) { Labels = Shared(rule, device) };
        track.Instances = [_binding.Create(index, track)];
        _tracks[key] = track;
        return track;
    }

    /// <summary>
    /// What others say makes a subject be judged from its own first usable reading on: a name of a series that has not spoken,
    /// which a start may know before the log tells of it, must not begin anything.
    /// </summary>
    private void Await(SubjectTrack subject, SeriesTrack own)
    {
        if (subject.Rule.Asks.Needs.Selectors.Count == 0)
        {
            return;
        }

        if (own.HasTime)
        {
            Hear(subject);
        }
        else
        {
            own.WhenHeard(() => Hear(subject));
        }
    }

    private void Hear(SubjectTrack subject)
    {
        if (!_heard.Add(subject))
        {
            return;
        }

        Of(_heardOf, subject.Rule).Add(subject);
        foreach (var selected in Of(_selectedBy, subject.Rule))
        {
            selected.Watchers = With(selected.Watchers, subject);
        }
    }

    private static List<T> Of<T>(Dictionary<string, List<T>> lists, Rule rule) =>
        lists.TryGetValue(rule.Id, out var list) ? list : lists[rule.Id] = [];

    private static SubjectTrack[] InOrder(List<SubjectTrack> watchers)
    {
        watchers.Sort(ByPlace);
        return [.. watchers];
    }

    // A selector may be watched by ten thousand subjects: the new one goes to its place, and the others stay in theirs.
    private static SubjectTrack[] With(SubjectTrack[] watchers, SubjectTrack track)
    {
        var place = ~Array.BinarySearch(watchers, track, ByPlace);
        return place < 0 ? watchers : [.. watchers[..place], track, .. watchers[place..]];
    }

    private static (int Rule, string Subject) Place(SubjectTrack track) => (track.Instances[0].RuleIndex, track.Series.Name);

    /// <summary>The metrics with which a rule about a device may be judged; empty when that may be any of one device or another.</summary>
    private static string[] NamedBy(ConditionNeeds needs) =>
        needs.Names.Count > 0 || needs.Metrics.Any(name => name.Device is null)
            ? [.. needs.Names.Concat(needs.Metrics.Select(name => name.Metric)).Distinct()]
            : [];

    /// <summary>
    /// A rule about a device is judged when one of the metrics it names comes; when it names none, with whatever comes.
    /// Attributes of the device are no metrics, and names inside groups are those of the members.
    /// </summary>
    private static bool Concerns(Rule rule, Series series, DeviceDescription device)
    {
        var needs = rule.Asks.Needs;
        var own = needs.Names.Where(name => !device.Attributes.ContainsKey(name))
            .Concat(needs.Metrics.Where(name => name.Device is null || name.Device == series.Device).Select(name => name.Metric))
            .ToList();
        return own.Count == 0 || own.Contains(series.Metric);
    }

    // An empty label and none make the same group.
    private static Dictionary<string, string> Shared(Rule rule, DeviceDescription device) => (rule.GroupBy ?? [])
        .Where(label => device.Labels.GetValueOrDefault(label, "").Length > 0).Distinct()
        .ToDictionary(label => label, label => device.Labels[label]);

    private static Series GroupOf(Rule rule, Series series, DeviceDescription device)
    {
        var name = rule.GroupBy!.Count == 0
            ? string.Join('|', rule.Match.Devices)
            : string.Join(',', rule.GroupBy.Select(label => $"{label}={device.Labels.GetValueOrDefault(label, "")}"));
        return new Series(-1, name, rule.Match.Metrics.Count == 1 ? rule.Match.Metrics[0] : "", series.Unit);
    }
}
