using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Expressions;
using IotEvents.Gateway.Rules.Tracks;

namespace IotEvents.Gateway.Rules.Binding;

/// <summary>What names mean in a condition about one series, device or group.</summary>
internal sealed class TrackScope(RuleBinding binding, Series subject, SeriesTrack? own, IMembers? members) : IScope
{
    /// <inheritdoc/>
    public Measure Value => own is null ? Measure.Open : Measure.OfSeries(own.Series.Unit);

    /// <inheritdoc/>
    public ISeriesView Own => own is null ? Never.Instance : own;

    /// <inheritdoc/>
    public StepBudget Steps => binding.Steps;

    /// <inheritdoc/>
    public Named Find(string name) => binding.Attribute(subject.Device, name) ?? Find(null, name);

    /// <inheritdoc/>
    public Named Find(string? device, string metric)
    {
        var series = FindSeries(device, metric);
        return new Named(new LatestNode(series.View), series.Measure);
    }

    /// <inheritdoc/>
    public SeriesRef FindSeries(string? device, string metric) =>
        binding.Find($"{device ?? subject.Device}/{metric}") is { } track
            ? new SeriesRef(track, Measure.OfSeries(track.Series.Unit))
            : new SeriesRef(Never.Instance, Measure.Open);

    /// <inheritdoc/>
    public string? Label(string name) => binding.Devices.Find(subject.Device).Labels.GetValueOrDefault(name);

    /// <inheritdoc/>
    public IMembers Members(MemberSelector selector) => selector.Device is null
        ? members ?? throw new InvalidOperationException("'members' stands in a rule that has no groups.")
        : binding.Select(selector);
}
