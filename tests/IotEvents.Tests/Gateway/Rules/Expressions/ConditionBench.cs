using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;
using IotEvents.Gateway.Rules.Expressions;
using IotEvents.Gateway.Rules.Windows;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Expressions;

/// <summary>A world of series, devices and a clock for one condition, without an engine.</summary>
internal sealed class ConditionBench
{
    public static readonly Timestamp Start = RuleBench.Start;

    private readonly Dictionary<string, BenchSeries> _series = [];
    private readonly List<BenchSeries> _order = [];
    private readonly Dictionary<(string Device, string Name), (double, Unit)> _attributes = [];
    private readonly Dictionary<(string Device, string Name), string> _labels = [];

    public StepBudget Steps { get; } = new(1_000_000);

    /// <summary>A reading; the first one of a name makes the series.</summary>
    public ConditionBench Read(double seconds, double value, string series = "d/m", string unit = "")
    {
        Series(series, unit).Add(At(seconds), value);
        return this;
    }

    public ConditionBench With(string device, string attribute, double value, string unit = "")
    {
        _attributes[(device, attribute)] = (value, Units.Get(unit));
        return this;
    }

    public ConditionBench Label(string device, string name, string value)
    {
        _labels[(device, name)] = value;
        return this;
    }

    public BenchSeries Series(string name, string unit = "")
    {
        if (!_series.TryGetValue(name, out var series))
        {
            var slash = name.LastIndexOf('/');
            _series[name] = series = new BenchSeries(new Series(_series.Count, name[..slash], name[(slash + 1)..], Units.Get(unit)));
            _order.Add(series);
        }

        return series;
    }

    /// <summary>The condition for a series.</summary>
    public Bound Bind(string condition, string series = "d/m")
    {
        var syntax = ExpressionParser.Parse(condition, out var problem);
        Assert.True(problem is null, $"{condition}: {problem}");
        var parts = new BoundParts();
        var node = Binder.Bind(syntax!, new Scope(this, Series(series)), parts, out problem);
        return new Bound(this, Series(series), node, parts, problem);
    }

    public Truth Judge(string condition, double seconds, string series = "d/m") => Bind(condition, series).Judge(seconds);

    /// <summary>The number that a piece of a condition is, read out of what explains it.</summary>
    public string Explain(string condition, double seconds, string series = "d/m") => Bind(condition, series).Explain(seconds);

    public static Timestamp At(double seconds) => Start + TimeSpan.FromSeconds(seconds);

    /// <summary>A condition for one series.</summary>
    internal sealed class Bound(ConditionBench bench, BenchSeries own, TruthNode? node, BoundParts parts, ExpressionProblem? problem)
    {
        public string Problem => problem?.Message ?? "";

        public TruthNode Node => node ?? throw new InvalidOperationException(Problem);

        public BoundParts Parts => parts;

        public Frame Frame(double seconds) => new(own.Latest, own.Previous, At(seconds));

        public Truth Judge(double seconds)
        {
            bench.Steps.Refill();
            return Node.Judge(Frame(seconds));
        }

        /// <summary>In seconds; null when it does not change by itself.</summary>
        public double? NextChange(double seconds) =>
            parts.NextChange(Frame(seconds)) is { HasValue: true } time ? (time - Start).TotalSeconds : null;

        public string Explain(double seconds)
        {
            bench.Steps.Refill();
            return string.Join(", ", parts.Inputs.Select(input => input.Explain(Frame(seconds))));
        }
    }

    /// <summary>A series with its past.</summary>
    internal sealed class BenchSeries(Series series) : ISeriesView
    {
        private readonly PointRing _points = new();

        public Series Series => series;

        public TimeSpan Kept { get; private set; }

        public double Latest { get; private set; } = double.NaN;

        public double Previous { get; private set; } = double.NaN;

        public Timestamp Time { get; private set; } = Timestamp.None;

        public TimeSpan Unheard { get; set; }

        public long Version { get; private set; }

        public void Add(Timestamp time, double value)
        {
            (Previous, Latest, Time, Version) = (Latest, value, time, Version + 1);
            _points.Add(time, value);
        }

        public PointSpan Between(Timestamp after, Timestamp upTo) => _points.Between(after, upTo);

        public void Keep(TimeSpan span) => Kept = span > Kept ? span : Kept;
    }

    private sealed class Scope(ConditionBench bench, BenchSeries own) : IScope
    {
        public Measure Value => Measure.OfSeries(own.Series.Unit);

        public ISeriesView Own => own;

        public StepBudget Steps => bench.Steps;

        public Named Find(string name) => bench._attributes.TryGetValue((own.Series.Device, name), out var it)
            ? new Named(new ConstantNode(it.Item1), Measure.OfLiteral(it.Item2))
            : Find(null, name);

        public Named Find(string? device, string metric)
        {
            var found = FindSeries(device, metric);
            return new Named(new LatestNode(found.View), found.Measure);
        }

        public SeriesRef FindSeries(string? device, string metric) =>
            bench._series.TryGetValue($"{device ?? own.Series.Device}/{metric}", out var found)
                ? new SeriesRef(found, Measure.OfSeries(found.Series.Unit))
                : new SeriesRef(Never.Instance, Measure.Open);

        public string? Label(string name) => bench._labels.GetValueOrDefault((own.Series.Device, name));

        public IMembers Members(MemberSelector selector) => new Members(bench, selector);
    }

    private sealed class Members(ConditionBench bench, MemberSelector selector) : IMembers
    {
        private readonly List<BenchSeries> _members = [];
        private int _seen;

        // In the order they appeared, as the engine has them.
        public int Count
        {
            get
            {
                for (; _seen < bench._order.Count; _seen++)
                {
                    var it = bench._order[_seen];
                    if (selector.Device is null
                        || (Glob.Matches(selector.Device, it.Series.Device) && Glob.Matches(selector.Metric, it.Series.Metric)))
                    {
                        _members.Add(it);
                    }
                }

                return _members.Count;
            }
        }

        public Series Series(int index) => _members[index].Series;

        public ISeriesView View(int index) => _members[index];

        public IScope Scope(int index) => new Scope(bench, _members[index]);
    }
}
