using System.Diagnostics.CodeAnalysis;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Cadence;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules;

/// <summary>Finds the rules of a series when it appears, and gives the names in their conditions a meaning.</summary>
internal sealed class RuleBinding
{
    private readonly RuleSet _rules;
    private readonly SeriesCatalog _catalog;
    private readonly IDeviceDirectory _devices;
    private readonly CadenceOptions _cadence;
    private readonly Func<int, SeriesTrack> _trackOf;
    private readonly HashSet<string> _watchedMetrics = new(StringComparer.Ordinal);
    private readonly HashSet<string> _watchedSeries = new(StringComparer.Ordinal);

    // Counts what may give a name another meaning: a watched series that appears, a unit that becomes known.
    private int _version = 1;

    /// <summary>For these rules.</summary>
    public RuleBinding(
        RuleSet rules, SeriesCatalog catalog, IDeviceDirectory devices, CadenceOptions cadence, Func<int, SeriesTrack> trackOf)
    {
        (_rules, _catalog, _devices, _cadence, _trackOf) = (rules, catalog, devices, cadence, trackOf);
        foreach (var name in rules.Rules.SelectMany(rule => rule.Asks.Needs.Others))
        {
            _ = name.Device is null ? _watchedMetrics.Add(name.Metric) : _watchedSeries.Add($"{name.Device}/{name.Metric}");
        }
    }

    /// <summary>The track of a series that has just appeared, with its rules.</summary>
    public SeriesTrack Appear(Series series)
    {
        var isWatched = _watchedMetrics.Contains(series.Metric) || _watchedSeries.Contains(series.Name);
        var track = new SeriesTrack(series) { IsWatched = isWatched, CadenceOptions = _cadence };
        var device = _devices.Find(series.Device);
        var instances = new List<RuleInstance>();
        for (var i = 0; i < _rules.Rules.Count; i++)
        {
            if (_rules.Rules[i].Match.Fits(series, device))
            {
                instances.Add(new RuleInstance(_rules.Rules[i], i, track));
            }
        }

        track.Instances = [.. instances];
        track.Learns = instances.Exists(instance => instance.Learns);
        track.KeepsState = isWatched || instances.Exists(instance => instance.NeedsClock);
        _version += isWatched ? 1 : 0;
        return track;
    }

    /// <summary>The unit of a series is known now.</summary>
    public void UnitBecameKnown(SeriesTrack track)
    {
        _version++;
        foreach (var instance in track.Instances)
        {
            instance.BoundAt = 0;
            instance.Band = Band.Empty;
        }

        track.Band = Band.Empty;
    }

    /// <summary>True when names of the condition may mean something else than when it was bound.</summary>
    public bool IsOutdated(RuleInstance instance) =>
        instance.BoundAt == 0 || (instance.BoundAt != _version && instance.Rule.Asks.Needs.Others.Count > 0);

    /// <summary>Makes the condition computable, or sets the rule aside for this series.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Border: one rule that throws is set aside; the others go on.")]
    public void Bind(RuleInstance instance)
    {
        instance.Band = Band.Empty;
        try
        {
            var series = instance.Track.Series;
            var scope = new DeviceScope(series, _devices.Find(series.Device), Find);
            instance.Judgement = instance.Rule.Asks.Bind(series, scope, out var problem);
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

    private SeriesTrack? Find(string series) => _catalog.TryGet(series, out var found) ? _trackOf(found.Id) : null;

    private sealed class DeviceScope(Series series, DeviceDescription device, Func<string, SeriesTrack?> find) : IScope
    {
        public Measure Value => Measure.OfSeries(series.Unit);

        public Named Find(string name) => device.Attributes.TryGetValue(name, out var quantity)
            ? new Named(new ConstantNode(quantity.Value), Measure.OfLiteral(quantity.Unit))
            : Find(null, name);

        public Named Find(string? device, string metric) => find($"{device ?? series.Device}/{metric}") is { } track
            ? new Named(new LatestNode(track), Measure.OfSeries(track.Series.Unit))
            : new Named(new LatestNode(Never.Instance), Measure.Open);
    }
}
