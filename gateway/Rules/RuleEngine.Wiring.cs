using System.Diagnostics.CodeAnalysis;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Binding;
using IotEvents.Gateway.Rules.Cadence;
using IotEvents.Gateway.Rules.Proof;
using IotEvents.Gateway.Rules.Tracks;

namespace IotEvents.Gateway.Rules;

/// <content>Which rule judges what: series appear, rules are bound to them, and who asks is shown.</content>
public sealed partial class RuleEngine
{
    /// <summary>Every rule with all that it judges: series in their order, then devices and groups.</summary>
    public IReadOnlyList<RuleInstanceStatus> Instances => [.. AllInstances.Select(Describe)];

    /// <summary>How often a series reports, as the rules learned it; null when no rule needs it, or too little is known. Any thread.</summary>
    internal LearnedCadence? CadenceOf(int series)
    {
        var tracks = _tracks;
        return (uint)series < (uint)tracks.Length ? tracks[series]?.Cadence : null;
    }

    /// <summary>True when a reading of the series has been judged.</summary>
    internal bool HasJudged(int series) => series < _tracks.Length && _tracks[series] is { } track && (track.HasTime || track.Any is { HasTime: true });

    private IEnumerable<RuleInstance> AllInstances => Tracks.SelectMany(track => track.Instances)
        .Concat(_binding.Subjects.SelectMany(subject => subject.Instances));

    private IEnumerable<SeriesTrack> Tracks =>
        _tracks.SelectMany(track => track is null ? [] : track.Any is { } any ? new[] { track, any } : [track]).Concat(_backfills.Values);

    private SeriesTrack TrackOf(int series) => series < _tracks.Length && _tracks[series] is { } track ? track : Appear(series);

    private SeriesTrack Appear(int series)
    {
        if (series >= _tracks.Length)
        {
            Array.Resize(ref _tracks, Math.Max(series + 1, _tracks.Length * 2));
        }

        // Known before its rules are looked for: their conditions may name it.
        var track = _tracks[series] = NewTrack(_catalog[series], "");
        _binding.Appear(track, () => AnyOf(track));
        return track;
    }

    private SeriesTrack AnyOf(SeriesTrack track) => track.Any ??= NewTrack(track.Series, SeriesTrack.AnyQualityMark);

    private SeriesTrack NewTrack(Series series, string mark) => new(series, mark) { CadenceOptions = _options.Cadence };

    [MemberNotNull(nameof(_rules), nameof(_binding), nameof(_judge), nameof(_timers), nameof(_hiding))]
    private void Use(RuleSet rules, IDeviceDirectory devices)
    {
        _rules = rules;
        _looks?.Use(devices);
        _timers = new TimerQueue(_options.Lateness);
        _hiding = new Hiding(devices, _marks) { Woken = Expect };
        _binding = new RuleBinding(rules, _catalog, devices, _options, _overrides, TrackOf, Made);
        _judge = new InstanceJudge(
            new OverriddenDevices(devices, _overrides), _marks, _digester, _hiding,
            _options.Evidence ? new EvidenceWriter(_binding, _overrides, _options) : null);
    }

    private void Made(RuleInstance it)
    {
        _hiding.Watch(it);
        if (it.Foresees)
        {
            // That nothing was foreseen must be remembered too: a start would foresee by what others have said since.
            _marks.Add(it);
        }
    }

    private void Expect(RuleInstance it)
    {
        _timers.Wake(it);

        // Not settled: it may be the track whose rules are being asked.
        it.Track.Expect(it.Deadline);
    }

    private static RuleInstanceStatus Describe(RuleInstance instance) => new(
        instance.Rule.Id, instance.Track.Series, instance.State, instance.Since, instance.RaisedAt, instance.Problem)
    {
        PendingUntil = instance.PendingUntil,
        Severity = instance.Raised?.Severity ?? Severity.None,
        HiddenBy = instance.Raised?.HiddenBy ?? "",
        IsBackfill = instance.Track.IsBackfill,
    };

    private void BindIfOutdated(RuleInstance instance)
    {
        if (_binding.IsOutdated(instance))
        {
            Bind(instance);
        }
    }

    private void Bind(RuleInstance instance)
    {
        // What has failed stays aside until it is edited; what only does not fit is tried again when something new is known.
        if (instance.Failed is null)
        {
            _binding.Bind(instance);
        }
    }
}
