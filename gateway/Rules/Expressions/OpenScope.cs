using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>While rules are read: no device is known yet. A name has the unit that it promises, or none that is known.</summary>
/// <param name="value">The unit of <c>value</c>, and of the series that the rule matches.</param>
internal sealed class OpenScope(Measure value) : IScope
{
    private static readonly StepBudget Endless = new(int.MaxValue);

    /// <inheritdoc/>
    public Measure Value => value;

    /// <inheritdoc/>
    public ISeriesView Own => Never.Instance;

    /// <inheritdoc/>
    public StepBudget Steps => Endless;

    /// <inheritdoc/>
    public Named Find(string name)
    {
        // It may be an attribute, and then be a difference of temperatures as well as a temperature.
        var measure = MetricMeasures.Of(name);
        return Latest(measure.Kind == MeasureKind.Point ? measure with { Kind = MeasureKind.PointOrDifference } : measure);
    }

    /// <inheritdoc/>
    public Named Find(string? device, string metric) => Latest(MetricMeasures.Of(metric));

    /// <inheritdoc/>
    public SeriesRef FindSeries(string? device, string metric) => new(Never.Instance, MetricMeasures.Of(metric));

    /// <inheritdoc/>
    public string? Label(string name) => null;

    /// <inheritdoc/>
    public IMembers Members(MemberSelector selector) => Nobody.Instance;

    /// <summary>What names mean inside a group.</summary>
    public OpenScope Inside(MemberSelector selector) =>
        selector.Device is null ? this : new OpenScope(MetricMeasures.Of(selector.Metric));

    private static Named Latest(Measure measure) => new(new LatestNode(Never.Instance), measure);

    /// <summary>A group without members.</summary>
    private sealed class Nobody : IMembers
    {
        public static readonly Nobody Instance = new();

        public int Count => 0;

        public Series Series(int index) => throw new ArgumentOutOfRangeException(nameof(index));

        public ISeriesView View(int index) => throw new ArgumentOutOfRangeException(nameof(index));

        public IScope Scope(int index) => throw new ArgumentOutOfRangeException(nameof(index));
    }
}
