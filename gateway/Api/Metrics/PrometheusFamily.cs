using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace IotEvents.Gateway.Api.Metrics;

/// <summary>One instrument with all its label sets, and how it stands in the Prometheus text format.</summary>
internal sealed class PrometheusFamily
{
    /// <summary>More label sets than that are not kept: a metric is not a log.</summary>
    public const int LabelSetsMax = 1000;

    private static readonly double[] DefaultBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly double[] _bounds;
    private readonly string _help;
    private readonly Kind _kind;
    private readonly bool _clears;
    private readonly bool _observed;
    private readonly Lock _recording = new();
    private readonly SortedDictionary<string, Sample> _samples = new(StringComparer.Ordinal);

    private PrometheusFamily(string name, string help, Kind kind, bool observed, bool clears, double[] bounds)
    {
        _clears = clears;
        Name = name;
        _help = help;
        _kind = kind;
        _observed = observed;
        _bounds = bounds;
    }

    /// <summary>The metric's name with its unit and, for a counter, <c>_total</c>.</summary>
    public string Name { get; }

    /// <summary>The family of an instrument.</summary>
    /// <param name="instrument">The instrument.</param>
    /// <param name="bounds">The upper bounds of a histogram's buckets, rising; null for those of a latency in seconds.</param>
    public static PrometheusFamily Create(Instrument instrument, double[]? bounds)
    {
        var type = instrument.GetType();
        var generic = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        var kind = generic == typeof(Counter<>) || generic == typeof(ObservableCounter<>) ? Kind.Counter
            : generic == typeof(Histogram<>) ? Kind.Histogram : Kind.Gauge;
        var adds = generic == typeof(Counter<>) || generic == typeof(UpDownCounter<>) || generic == typeof(Histogram<>);
        return new PrometheusFamily(
            FullName(instrument, kind), instrument.Description ?? instrument.Name, kind, !adds, instrument.IsObservable, bounds ?? DefaultBounds);
    }

    /// <summary>Forgets what was observed, so that a label set that is gone does not stay.</summary>
    public void BeginObserving()
    {
        if (_clears)
        {
            lock (_recording)
            {
                _samples.Clear();
            }
        }
    }

    /// <summary>Takes one measurement.</summary>
    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = tags.IsEmpty ? "" : Labels(tags);
        lock (_recording)
        {
            if (!_samples.TryGetValue(labels, out var sample))
            {
                if (_samples.Count == LabelSetsMax)
                {
                    return;
                }

                _samples[labels] = sample = new Sample(_kind == Kind.Histogram ? new long[_bounds.Length + 1] : []);
            }

            sample.Value = _observed ? value : sample.Value + value;
            sample.Count++;
            if (_kind == Kind.Histogram)
            {
                var bucket = Array.BinarySearch(_bounds, value);
                sample.Buckets[bucket < 0 ? ~bucket : bucket]++;
            }
        }
    }

    /// <summary>Writes help, type and samples; nothing when nothing was measured.</summary>
    public void Write(StringBuilder text)
    {
        lock (_recording)
        {
            if (_samples.Count == 0)
            {
                return;
            }

            var help = _help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
            text.Append("# HELP ").Append(Name).Append(' ').Append(help).Append('\n');
            text.Append("# TYPE ").Append(Name).Append(' ').Append(_kind switch
            {
                Kind.Counter => "counter",
                Kind.Histogram => "histogram",
                _ => "gauge",
            }).Append('\n');
            foreach (var (labels, sample) in _samples)
            {
                WriteSample(text, labels, sample);
            }
        }
    }

    private void WriteSample(StringBuilder text, string labels, Sample sample)
    {
        if (_kind != Kind.Histogram)
        {
            Line(text, "", labels, sample.Value);
            return;
        }

        long below = 0;
        for (var i = 0; i < sample.Buckets.Length; i++)
        {
            below += sample.Buckets[i];
            var bound = i < _bounds.Length ? Number(_bounds[i]) : "+Inf";
            Line(text, "_bucket", labels.Length == 0 ? $"le=\"{bound}\"" : $"{labels},le=\"{bound}\"", below);
        }

        Line(text, "_sum", labels, sample.Value);
        Line(text, "_count", labels, sample.Count);
    }

    private void Line(StringBuilder text, string suffix, string labels, double value)
    {
        text.Append(Name).Append(suffix);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) =>
        double.IsNaN(value) ? "NaN" : double.IsInfinity(value) ? (value > 0 ? "+Inf" : "-Inf")
        : value.ToString("R", CultureInfo.InvariantCulture);

    private static string FullName(Instrument instrument, Kind kind)
    {
        var name = Sanitize(instrument.Name, ':');
        var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        name = name.EndsWith("_total", StringComparison.Ordinal) ? name[..^"_total".Length] : name;
        name = unit.Length > 0 && !name.EndsWith(unit, StringComparison.Ordinal) ? name + unit : name;
        return kind == Kind.Counter ? name + "_total" : name;
    }

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new StringBuilder();
        foreach (var (key, value) in tags)
        {
            var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            labels.Append(labels.Length > 0 ? "," : "").Append(Sanitize(key, '_')).Append("=\"")
                .Append(text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
                    .Replace("\n", "\\n", StringComparison.Ordinal)).Append('"');
        }

        return labels.ToString();
    }

    private static string Sanitize(string name, char also) =>
        string.Concat(name.Select((c, i) => char.IsAsciiLetter(c) || c == '_' || c == also || (i > 0 && char.IsAsciiDigit(c)) ? c : '_'));

    private enum Kind
    {
        Gauge,
        Counter,
        Histogram,
    }

    private sealed class Sample(long[] buckets)
    {
        public long[] Buckets { get; } = buckets;

        public long Count { get; set; }

        public double Value { get; set; }
    }
}
