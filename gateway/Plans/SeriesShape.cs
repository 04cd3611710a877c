using System.Globalization;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Plans;

/// <summary>What a search for a limit must know of a series: its quantiles, its noise, how often it reports.</summary>
internal sealed class SeriesShape
{
    /// <summary>From standard deviation to median absolute deviation of a normal distribution.</summary>
    private const double Normal = 1.4826;
    private const int LimitsMax = 40;
    private const int LimitsMin = 7;

    private readonly double[] _sorted;
    private readonly double _step;

    private SeriesShape(double[] sorted, double noise, TimeSpan interval)
    {
        (_sorted, Noise, Interval) = (sorted, noise, interval);
        Spread = sorted[^1] - sorted[0];
        _step = Spread > 0 ? Math.Pow(10, Math.Floor(Math.Log10(Spread)) - 2) : 1;
        Noise = Math.Max(noise, _step);
    }

    /// <summary>From the least to the greatest value.</summary>
    public double Spread { get; }

    /// <summary>Half of the values are below.</summary>
    public double Median => _sorted[_sorted.Length / 2];

    /// <summary>The standard deviation of what differs from one reading to the next, by its median: spikes do not raise it.</summary>
    public double Noise { get; }

    /// <summary>The median time between readings, in whole seconds; at least 1 s.</summary>
    public TimeSpan Interval { get; }

    /// <summary>Looks at readings; at least two.</summary>
    public static SeriesShape Of(IReadOnlyList<Reading> readings)
    {
        var sorted = readings.Select(reading => reading.Value).Order().ToArray();
        var steps = readings.Zip(readings.Skip(1), (one, next) => Math.Abs(next.Value - one.Value)).Order().ToArray();
        var times = readings.Zip(readings.Skip(1), (one, next) => (next.Time - one.Time).TotalSeconds).Order().ToArray();
        return new SeriesShape(
            sorted, Normal * steps[steps.Length / 2] / Math.Sqrt(2),
            TimeSpan.FromSeconds(Math.Max(1, Math.Round(times[times.Length / 2]))));
    }

    /// <summary>
    /// Limits from the outermost value inwards, to where about a tenth of the values lie beyond: what more often is so is usual.
    /// Each leaves about 1.4 times as many values outside as the one before.
    /// </summary>
    public IEnumerable<double> Limits(bool isAbove)
    {
        var last = Round(isAbove ? _sorted[^1] : _sorted[0], isAbove);
        yield return last;
        for (var i = LimitsMax; i >= LimitsMin; i--)
        {
            var outside = (int)(_sorted.Length * Math.Pow(2, -i / 2.0));
            var limit = Round(isAbove ? _sorted[^(outside + 1)] : _sorted[outside], isAbove);
            if (limit != last)
            {
                yield return last = limit;
            }
        }
    }

    /// <summary>Rounds to three digits of the spread.</summary>
    /// <param name="value">The value.</param>
    /// <param name="up">True for upwards, false for downwards.</param>
    public double Round(double value, bool up)
    {
        var steps = value / _step;
        var rounded = (up ? Math.Ceiling(steps - 1e-9) : Math.Floor(steps + 1e-9)) * _step;

        // Twelve digits take away what is left of the division, so that the text of the limit is short.
        return double.Parse(rounded.ToString("G12", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }
}
