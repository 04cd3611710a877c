using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Expressions;
using IotEvents.Gateway.Rules.Tracks;

namespace IotEvents.Gateway.Rules.Binding;

/// <summary>What names mean in a condition about one series, device or group.</summary>
/// <param name="binding">Finds other series and groups.</param>
/// <param name="track">What the condition is about: a track of a series has its own readings under every name of it.</param>
internal sealed class TrackScope(RuleBinding binding, Track track) : IScope
{
    private readonly Series _subject = track.Series;
    private readonly SeriesTrack? _own = track as SeriesTrack;
    private readonly SubjectTrack? _whole = track as SubjectTrack;

    /// <inheritdoc/>
    public Measure Value => _own is null ? Measure.Open : Measure.OfSeries(_subject.Unit);

    /// <inheritdoc/>
    public ISeriesView Own => _own is null ? Never.Instance : _own;

    /// <inheritdoc/>
    public StepBudget Steps => binding.Steps;

    /// <inheritdoc/>
    public Named Find(string name) => binding.Attribute(_subject.Device, name) ?? Find(null, name);

    /// <inheritdoc/>
    public Named Find(string? device, string metric)
    {
        var series = FindSeries(device, metric);
        return new Named(new LatestNode(series.View), series.Measure);
    }

    /// <inheritdoc/>
    public SeriesRef FindSeries(string? device, string metric)
    {
        // Readings of any quality, and those that came too late, are on tracks of their own.
        device ??= _subject.Device;
        var isOwn = device == _subject.Device && metric == _subject.Metric;
        return (isOwn && _own is not null ? _own : binding.Find($"{device}/{metric}")) is { } found
            ? new SeriesRef(found, Measure.OfSeries(found.Series.Unit))
            : new SeriesRef(Never.Instance, Measure.Open);
    }

    /// <inheritdoc/>
    public string? Label(string name) =>
        _whole?.Labels.GetValueOrDefault(name) ?? binding.Devices.Find(_subject.Device).Labels.GetValueOrDefault(name);

    /// <inheritdoc/>
    public IMembers Members(MemberSelector selector) => selector.Device is null
        ? _whole?.Members ?? throw new InvalidOperationException("'members' stands in a rule that has no groups.")
        : binding.Select(selector);
}
