namespace IotEvents.Gateway.Rules.Schedules;

/// <summary>What a schedule says about wall time, whatever the zone. Immutable.</summary>
/// <remarks>Wall times are seconds since 1970-01-01 00:00 on the wall. A day stands for the spans that begin on it.</remarks>
internal sealed class WallPlan
{
    private readonly DaySpan[] _spans;
    private readonly DateRange[] _except;
    private readonly bool _isNot;
    private readonly int[] _edges;

    /// <summary>A plan.</summary>
    /// <param name="spans">When it is active.</param>
    /// <param name="except">On these days no span begins; merged and sorted.</param>
    /// <param name="isNot">True: active when the rest says it is not.</param>
    public WallPlan(IReadOnlyList<DaySpan> spans, DateRange[] except, bool isNot)
    {
        _spans = [.. spans];
        _except = except;
        _isNot = isNot;
        _edges = [.. spans.SelectMany(span => new[] { span.Begin, span.End % DaySpan.DaySeconds }).Append(0).Distinct().Order()];
    }

    /// <summary>True when it is active at a wall time.</summary>
    public bool Contains(long wall)
    {
        var day = Math.DivRem(wall, DaySpan.DaySeconds, out var second);
        if (second < 0)
        {
            (day, second) = (day - 1, second + DaySpan.DaySeconds);
        }

        return Covers(day, second) != _isNot;
    }

    /// <summary>The first wall time after the given one at which it changes; <see cref="long.MaxValue"/> when it never does.</summary>
    public long NextChange(long wall)
    {
        // A week and a day show every edge; behind the last exception all weeks are alike.
        const int daysMax = 9;
        var state = Contains(wall);
        var day = (wall / DaySpan.DaySeconds) - (wall % DaySpan.DaySeconds < 0 ? 1 : 0);
        var last = Math.Max(day, _except.Length == 0 ? day : _except[^1].LastDay) + daysMax;
        for (; day <= last; day++)
        {
            foreach (var edge in _edges)
            {
                var at = (day * DaySpan.DaySeconds) + edge;
                if (at > wall && Contains(at) != state)
                {
                    return at;
                }
            }

            // What began the day before has ended now; nothing begins before the last day of the exception is over.
            var range = Find(day);
            day = range < 0 ? day : _except[range].LastDay;
        }

        return long.MaxValue;
    }

    private bool Covers(long day, long second)
    {
        var (begins, began) = (!IsExcept(day), !IsExcept(day - 1));
        foreach (var span in _spans)
        {
            var isInside = span.IsOverMidnight
                ? (second >= span.Begin && begins && span.Days.Contains(day)) || (second < span.End && began && span.Days.Contains(day - 1))
                : second >= span.Begin && second < span.End && begins && span.Days.Contains(day);
            if (isInside)
            {
                return true;
            }
        }

        return false;
    }

    private bool IsExcept(long day) => Find(day) >= 0;

    /// <summary>The place of the exception a day is in; -1 when it is in none.</summary>
    private int Find(long day)
    {
        int low = 0, high = _except.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (day < _except[middle].FirstDay)
            {
                high = middle - 1;
            }
            else if (day > _except[middle].LastDay)
            {
                low = middle + 1;
            }
            else
            {
                return middle;
            }
        }

        return -1;
    }
}
