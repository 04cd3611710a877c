using System.Diagnostics.CodeAnalysis;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Expressions;
using IotEvents.Gateway.Rules.Kinds;
using IotEvents.Gateway.Rules.Tracks;

namespace IotEvents.Gateway.Rules.Binding;

/// <summary>Finds the rules of a series when it appears, and gives the names in their conditions a meaning.</summary>
internal sealed class RuleBinding
{
    private readonly RuleSet _rules;
    private readonly SeriesCatalog _catalog;
    private readonly OverrideBook _overrides;
    private readonly Func<int, SeriesTrack> _trackOf;
    private readonly Action<RuleInstance> _created;
    private readonly Rule[][] _flapping;
    private readonly RuleIndex _index = new();
    private readonly RuleIndex _selectors = new();
    private readonly List<(MemberSelector Selector, Membership Members)> _groups = [];
    private readonly SubjectTracks _subjects;
    private readonly HashSet<string> _watchedMetrics = new(StringComparer.Ordinal);
    private readonly HashSet<string> _watchedSeries = new(StringComparer.Ordinal);
    private readonly Dictionary<MemberSelector, Membership> _selected = [];

    private static readonly Dictionary<string, string> NoLabels = [];

    // Counts what may give a name another meaning: a watched series that appears, a unit that becomes known.
    private int _version = 1;

    /// <summary>For these rules.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="catalog">All series.</param>
    /// <param name="devices">Names, labels and attributes of devices.</param>
    /// <param name="options">Settings.</param>
    /// <param name="overrides">Attributes that are others for a while.</param>
    /// <param name="trackOf">Gives the track of a series, and lets it appear when it has not.</param>
    /// <param name="created">Is told of every instance.</param>
    public RuleBinding(
        RuleSet rules, SeriesCatalog catalog, IDeviceDirectory devices, RuleEngineOptions options, OverrideBook overrides,
        Func<int, SeriesTrack> trackOf, Action<RuleInstance> created)
    {
        (_rules, _catalog, Devices, _overrides, _trackOf, _created) = (rules, catalog, devices, overrides, trackOf, created);
        var flapping = rules.Rules.Where(rule => rule.Scope == RuleScope.Rules).ToList();
        _flapping = [.. rules.Rules.Select(rule => flapping.Count == 0 ? [] : flapping.Where(it => Watches(it, rule)).ToArray())];
        Steps = new StepBudget(options.StepsMax);
        for (var i = 0; i < rules.Rules.Count; i++)
        {
            if (rules.Rules[i] is { Scope: RuleScope.Series, Match: var match })
            {
                _index.Add(match.Devices, match.Metrics, match.Labels, i);
            }
        }

        _subjects = new SubjectTracks(rules, this);
        foreach (var selector in rules.Rules.SelectMany(rule => rule.Asks.Needs.Selectors).Distinct())
        {
            // From the beginning, so that what a series says before the first rule asks for it is heard.
            Enter(selector, new Membership());
        }

        foreach (var name in rules.Rules.SelectMany(rule => rule.Asks.Needs.Others))
        {
            _ = name.Device is null ? _watchedMetrics.Add(name.Metric) : _watchedSeries.Add($"{name.Device}/{name.Metric}");
        }
    }

    /// <summary>Names, labels and attributes of devices.</summary>
    public IDeviceDirectory Devices { get; }

    /// <summary>What one judging may cost.</summary>
    public StepBudget Steps { get; }

    /// <summary>The devices and groups that rules judge as a whole.</summary>
    public IEnumerable<SubjectTrack> Subjects => _subjects.All;

    /// <summary>One of them; null when the rule judges none of that name.</summary>
    public SubjectTrack? Subject(string rule, string name) => _subjects.Find(rule, name);

    /// <summary>A series has appeared: finds who judges it.</summary>
    /// <param name="track">The track of usable readings.</param>
    /// <param name="any">Gives the track of readings of any quality.</param>
    public void Appear(SeriesTrack track, Func<SeriesTrack> any)
    {
        var series = track.Series;
        var device = Devices.Find(series.Device);
        var rules = RulesOf(series, device);
        Wire(track, rules, isAnyQuality: false);
        if (rules.Exists(i => _rules.Rules[i].AnyQuality))
        {
            Wire(any(), rules, isAnyQuality: true);
        }

        var isSelected = false;
        foreach (var i in _selectors.Candidates(series, device))
        {
            var (selector, members) = _groups[i];
            if (Fits(selector, series))
            {
                members.Add(track, new TrackScope(this, track));
                isSelected = true;
            }
        }

        track.Watchers = _subjects.Appear(track, device);
        var isNamed = _watchedMetrics.Contains(series.Metric) || _watchedSeries.Contains(series.Name);
        track.IsWatched = isSelected || isNamed;

        // Groups find members that join by themselves; a name finds a series only when it is looked up anew.
        _version += isNamed ? 1 : 0;
    }

    /// <summary>Gives a track of what came too late instances of the rules that judge its series; they remember nothing yet.</summary>
    public void AppearLate(SeriesTrack track) =>
        Wire(track, RulesOf(track.Series, Devices.Find(track.Series.Device)), isAnyQuality: false);

    /// <summary>An instance that remembers nothing, with what watches it.</summary>
    /// <param name="index">The rule's place in the set.</param>
    /// <param name="track">What it judges.</param>
    public RuleInstance Create(int index, Track track)
    {
        var it = new RuleInstance(_rules.Rules[index], index, track) { FlappingRule = FlappingRuleOf(index, track.Series) };
        _created(it);
        return it;
    }

    private void Wire(SeriesTrack track, List<int> rules, bool isAnyQuality)
    {
        track.Instances = [.. rules.Where(i => _rules.Rules[i].AnyQuality == isAnyQuality).Select(i => Create(i, track))];
        track.Learns = Array.Exists(track.Instances, static it => it.Learns);
    }

    private List<int> RulesOf(Series series, DeviceDescription device)
    {
        var places = _index.Candidates(series, device);
        places.RemoveAll(i => !_rules.Rules[i].Match.Fits(series, device));
        return places;
    }

    /// <summary>The unit of a series is known now.</summary>
    public void UnitBecameKnown(SeriesTrack track)
    {
        _version += track.IsWatched || track.Watchers.Length > 0 ? 1 : 0;
        foreach (var instance in track.Instances)
        {
            instance.BoundAt = 0;
            instance.Band = Band.Empty;
        }

        track.Band = Band.Empty;
    }

    /// <summary>What attributes of a device say has changed.</summary>
    public void AttributeChanged() => _version++;

    /// <summary>True when names of the condition may mean something else than when it was bound.</summary>
    public bool IsOutdated(RuleInstance instance) => instance.BoundAt == 0 || (instance.BoundAt != _version && instance.Rule.LooksElsewhere);

    /// <summary>Makes the condition computable, or sets the rule aside for this series.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Border: one rule that throws is set aside; the others go on.")]
    public void Bind(RuleInstance instance)
    {
        instance.Band = Band.Empty;
        try
        {
            var memory = instance.Judgement as IStatefulJudgement;
            var judgement = instance.Rule.Asks.Bind(instance.Track.Series, ScopeOf(instance.Track), out var problem);
            if (memory is not null && judgement is IStatefulJudgement stateful)
            {
                // Names mean something new; what was learned stays.
                var bytes = new StateWriter();
                memory.Write(bytes);
                var reader = new StateReader(bytes.ToArray());
                stateful.Read(ref reader);
            }

            instance.Judgement = judgement;
            instance.Problem = problem;
        }
        catch (Exception error)
        {
            instance.Judgement = null;
            instance.Problem = $"The rule failed: {error.Message}";
        }

        // After the look-ups: they may have met a series for the first time, and so have raised the version.
        instance.BoundAt = _version;
    }

    /// <summary>A series by name; null when it has not appeared.</summary>
    public SeriesTrack? Find(string series) => _catalog.TryGet(series, out var found) ? _trackOf(found.Id) : null;

    /// <summary>An attribute of a device, as it is for a while or else by the settings; null when it has none of that name.</summary>
    public Named? Attribute(string device, string name) =>
        _overrides.Find(device, name) is { } found ? new Named(new ConstantNode(found.Value.Value), Measure.OfLiteral(found.Value.Unit)) { Note = found.Note }
        : Devices.Find(device).Attributes.TryGetValue(name, out var quantity)
            ? new Named(new ConstantNode(quantity.Value), Measure.OfLiteral(quantity.Unit))
            : null;

    /// <summary>The series that a selector names, those to come included.</summary>
    public Membership Select(MemberSelector selector)
    {
        if (_selected.TryGetValue(selector, out var members))
        {
            return members;
        }

        members = new Membership();
        foreach (var series in _catalog.All)
        {
            if (Fits(selector, series))
            {
                var track = _trackOf(series.Id);
                track.IsWatched = true;
                members.Add(track, new TrackScope(this, track));
            }
        }

        // Not before the others have appeared: they would be members twice.
        Enter(selector, members);
        return members;
    }

    private void Enter(MemberSelector selector, Membership members)
    {
        _selected[selector] = members;
        _selectors.Add([selector.Device ?? ""], [selector.Metric], NoLabels, _groups.Count);
        _groups.Add((selector, members));
    }

    /// <summary>True when a selector names a series.</summary>
    public static bool Fits(MemberSelector selector, Series series) =>
        selector.Device is { } device && Glob.Matches(device, series.Device) && Glob.Matches(selector.Metric, series.Metric);

    private static bool Watches(Rule flapping, Rule rule) =>
        ((FlappingCondition)flapping.Asks).Rules.Any(pattern => Glob.Matches(pattern, rule.Id));

    private Rule? FlappingRuleOf(int index, Series series) => _flapping[index] is { Length: > 0 } watching
        ? Array.Find(watching, it => it.Match.Concerns(series, Devices.Find(series.Device)))
        : null;

    /// <summary>Every series that a condition may look at: the members of its groups in their order, its own, and those it names.</summary>
    public IEnumerable<SeriesTrack> SeenBy(RuleInstance instance)
    {
        // In the order of their numbers, which is that of a group's members too.
        var seen = new List<SeriesTrack>();
        if (instance.Track is SubjectTrack { Members: var members, Pace: var pace })
        {
            AddAll(members);
            seen.AddRange(pace is null ? [] : [pace]);
        }

        foreach (var selector in instance.Rule.Asks.Needs.Selectors)
        {
            AddAll(Select(selector));
        }

        if (instance.Track is SeriesTrack own)
        {
            seen.Add(own);
        }

        var devices = seen.Select(track => track.Series.Device).Append(instance.Track.Series.Device).Distinct().ToList();
        foreach (var (device, metric) in instance.Rule.Asks.Needs.Others)
        {
            seen.AddRange((device is null ? devices : [device])
                .Select(one => Find($"{one}/{metric}")).OfType<SeriesTrack>());
        }

        if (instance.Track is SubjectTrack { First: { } first })
        {
            // A rule about a device may name nothing of it, or attributes alone; without a series there would be no device.
            seen.Add(first);
        }

        return seen.Distinct().OrderBy(static track => track.Series.Id);

        void AddAll(Membership group)
        {
            for (var i = 0; i < group.Count; i++)
            {
                seen.Add(group.Track(i));
            }
        }
    }

    /// <summary>What names mean in a condition about this; in a group, about one of its members.</summary>
    public TrackScope ScopeOf(Track track) => new(this, track);
}
