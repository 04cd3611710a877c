using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Rules.Windows;

namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>What ends a window.</summary>
internal enum WindowKind
{
    /// <summary>The moment: the last five minutes.</summary>
    Sliding = 0,

    /// <summary>The clock: the last five minutes that have ended, counted from 1970 in UTC.</summary>
    Tumbling,

    /// <summary>A gap between two readings that is longer than the length given.</summary>
    Session,
}

/// <summary>A window over the readings of a series. Immutable.</summary>
/// <param name="Kind">What ends it.</param>
/// <param name="Span">Its length; of a session, the gap that ends it.</param>
/// <param name="Max">The longest session.</param>
internal sealed record Window(WindowKind Kind, TimeSpan Span, TimeSpan Max)
{
    /// <summary>The longest session where nothing is written.</summary>
    public static readonly TimeSpan SessionMax = TimeSpan.FromDays(1);

    /// <summary>How long readings must be kept for it.</summary>
    public TimeSpan Kept => Kind switch
    {
        WindowKind.Sliding => Span,
        WindowKind.Tumbling => Span * 2,
        _ => Max,
    };

    /// <summary>The readings in it at a moment. Finding a session takes a step for each of its readings.</summary>
    public WindowPoints At(Timestamp time, ISeriesView view, StepBudget steps)
    {
        var (start, end) = Bounds(time, view);
        if (!end.HasValue)
        {
            return default;
        }

        // A tumbling window begins with its first moment and ends before the next one's, so that it is complete at its end.
        var shift = Kind == WindowKind.Tumbling ? 1 : 0;
        var points = view.Between(new Timestamp(start.Nanoseconds - shift), new Timestamp(end.Nanoseconds - shift));
        if (Kind == WindowKind.Session && !points.IsEmpty)
        {
            points = LastSession(points);
            steps.Take(points.Count);
            (start, end) = (new Timestamp(points.Times[0]), new Timestamp(points.Times[^1]));
        }

        return new WindowPoints(points, start, end);
    }

    /// <summary>When the readings in it are others without a new one having come; none when they will not be.</summary>
    public Timestamp NextChange(Timestamp time, ISeriesView view)
    {
        var (start, end) = Bounds(time, view);
        if (Kind == WindowKind.Session || !end.HasValue || !view.Time.HasValue)
        {
            return Timestamp.None;
        }

        if (Kind == WindowKind.Tumbling)
        {
            return view.Time >= start ? end + Span : Timestamp.None;
        }

        var points = view.Between(start, end);
        return points.IsEmpty ? Timestamp.None : new Timestamp(points.Times[0]) + Span;
    }

    /// <summary>When the last reading leaves it; none when there is none in it.</summary>
    public Timestamp Empties(Timestamp time, ISeriesView view)
    {
        if (Kind != WindowKind.Sliding)
        {
            return NextChange(time, view);
        }

        var (start, end) = Bounds(time, view);
        var points = end.HasValue ? view.Between(start, end) : default;
        return points.IsEmpty ? Timestamp.None : new Timestamp(points.Times[^1]) + Span;
    }

    /// <summary>As it is written.</summary>
    public override string ToString() => Kind switch
    {
        WindowKind.Sliding => SettingsValues.Format(Span),
        WindowKind.Tumbling => $"tumbling {SettingsValues.Format(Span)}",
        _ => $"session {SettingsValues.Format(Span)}" + (Max == SessionMax ? "" : $" max {SettingsValues.Format(Max)}"),
    };

    private (Timestamp Start, Timestamp End) Bounds(Timestamp time, ISeriesView view)
    {
        if (!time.HasValue)
        {
            return (Timestamp.None, Timestamp.None);
        }

        switch (Kind)
        {
            case WindowKind.Tumbling:
                var length = Span.Ticks * TimeSpan.NanosecondsPerTick;
                var into = ((time.Nanoseconds % length) + length) % length;
                var end = new Timestamp(time.Nanoseconds - into);
                return (end - Span, end);
            case WindowKind.Session:
                // Seen from the last reading: in silence the last session stays what it was.
                var last = view.Time.HasValue && view.Time < time ? view.Time : time;
                return (last - Max, time);
            default:
                return (time - Span, time);
        }
    }

    private PointSpan LastSession(PointSpan points)
    {
        var gap = Span.Ticks * TimeSpan.NanosecondsPerTick;
        var times = points.Times;
        var first = times.Length - 1;
        while (first > 0 && times[first] - times[first - 1] <= gap)
        {
            first--;
        }

        return new PointSpan(times[first..], points.Values[first..]);
    }
}

/// <summary>The readings in a window, and where it begins and ends.</summary>
/// <param name="points">The readings.</param>
/// <param name="start">Where it begins.</param>
/// <param name="end">Where it ends.</param>
internal readonly ref struct WindowPoints(PointSpan points, Timestamp start, Timestamp end)
{
    /// <summary>The readings; valid until the series changes.</summary>
    public PointSpan Points { get; } = points;

    /// <summary>Where it begins.</summary>
    public Timestamp Start { get; } = start;

    /// <summary>Where it ends.</summary>
    public Timestamp End { get; } = end;

    /// <summary>How many readings.</summary>
    public int Count => Points.Count;
}
