using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Cli.Terminal;

/// <summary>Means of the last equal spans of time of one series, for its sparkline.</summary>
internal sealed class TrendRing
{
    /// <summary>How many spans are kept.</summary>
    public const int Spans = 32;

    /// <summary>The length of a span.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromSeconds(2);

    private readonly double[] _sums = new double[Spans];
    private readonly int[] _counts = new int[Spans];
    private long _newest = long.MinValue;

    public double LastValue { get; private set; } = double.NaN;

    public bool IsSuspect { get; private set; }

    public void Add(Timestamp receivedAt, double value, bool isSuspect)
    {
        LastValue = value;
        IsSuspect = isSuspect;
        var span = SpanOf(receivedAt);
        MoveTo(span);
        if (span > _newest - Spans)
        {
            var at = Place(span);
            _sums[at] += value;
            _counts[at]++;
        }
    }

    /// <summary>The spans that end now, oldest first; NaN where nothing came.</summary>
    public IReadOnlyList<double> Until(Timestamp now)
    {
        MoveTo(SpanOf(now));
        var values = new double[Spans];
        for (var i = 0; i < Spans; i++)
        {
            var at = Place(_newest - Spans + 1 + i);
            values[i] = _counts[at] == 0 ? double.NaN : _sums[at] / _counts[at];
        }

        return values;
    }

    private void MoveTo(long span)
    {
        for (var next = Math.Max(_newest + 1, span - Spans + 1); next <= span; next++)
        {
            _sums[Place(next)] = 0;
            _counts[Place(next)] = 0;
        }

        _newest = Math.Max(_newest, span);
    }

    private static long SpanOf(Timestamp at) => at.Nanoseconds / (Span.Ticks * 100);

    private static int Place(long span) => (int)(((span % Spans) + Spans) % Spans);
}
