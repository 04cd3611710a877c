using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Rules.Anomaly;

/// <summary>What a season expects at one time.</summary>
/// <param name="Level">The level of the slot of time; not a number when the season knows nothing yet.</param>
/// <param name="Low">The lowest level of that slot and the known ones before and after it.</param>
/// <param name="High">The highest of them. A range, because what comes a slot early or late is no anomaly.</param>
/// <param name="Spread">The largest median distance of the means of these three from their levels.</param>
internal readonly record struct SeasonLevel(double Level, double Low, double High, double Spread);

/// <summary>
/// The levels of a series at the times of a day or a week: for each slot of time the means of the last few periods.
/// </summary>
/// <remarks>
/// The level of a slot is the median of its means. So a strange day among five, or week among three, does not count, and the
/// table can learn everything: what comes back at the same time each day becomes its level on the third day.
/// </remarks>
internal sealed class SeasonTable
{
    /// <summary>Periods of which a slot must know, so that one strange one among them does not count.</summary>
    private const int PeriodsMin = 3;

    /// <summary>Slots with as much; fewer are no shape.</summary>
    private const int SlotsMin = 6;

    private readonly int _slots;
    private readonly int _depth;
    private readonly int _alike;
    private readonly long _slotLength;
    private readonly double[] _means;
    private long _slot = long.MinValue;
    private double _mean;
    private long _count;
    private int _cachedFor = -1;
    private SeasonLevel _cached;

    private SeasonTable(int slots, int depth, int alike, TimeSpan slotLength)
    {
        (_slots, _depth, _alike, _slotLength) = (slots, depth, alike, slotLength.Ticks * 100);
        _means = new double[slots * depth];
        Array.Fill(_means, double.NaN);
    }

    /// <summary>A table of the day: 48 slots of 30 minutes, 5 days.</summary>
    public static SeasonTable OfDay() => new(48, 5, alike: 1, TimeSpan.FromMinutes(30));

    /// <summary>A table of the week: 168 slots of an hour, 3 weeks. Without this season, the same hours of all days would be alike.</summary>
    public static SeasonTable OfWeek() => new(168, 3, alike: 24, TimeSpan.FromHours(1));

    /// <summary>Takes a sample in.</summary>
    /// <param name="localTime">Its time on the clock on the wall.</param>
    /// <param name="value">Its value.</param>
    /// <returns>True when a new period has begun.</returns>
    public bool Add(Timestamp localTime, double value)
    {
        var slot = SlotOf(localTime);
        var isNewPeriod = false;
        if (slot != _slot)
        {
            isNewPeriod = _count > 0 && PeriodOf(slot) != PeriodOf(_slot);
            Commit();
            (_slot, _mean, _count) = (slot, 0, 0);
        }

        _count++;
        _mean += (value - _mean) / _count;
        return isNewPeriod;
    }

    /// <summary>What is expected at a time.</summary>
    public SeasonLevel At(Timestamp localTime)
    {
        var slot = IndexOf(SlotOf(localTime));
        if (slot != _cachedFor)
        {
            (_cachedFor, _cached) = (slot, Find(slot));
        }

        return _cached;
    }

    /// <summary>
    /// How much the series repeats: how far the levels of the slots lie from each other, divided by how far the means of a slot
    /// lie from its level. About 1 for noise, less when it only drifts; 0 while less than three periods are known.
    /// </summary>
    public double Strength()
    {
        Span<double> levels = stackalloc double[_slots / _alike];
        var (within, across, known, begun) = (0.0, 0.0, 0, 0);
        for (var first = 0; first < _alike; first++)
        {
            var count = 0;
            for (var slot = first; slot < _slots; slot += _alike)
            {
                begun += CountOf(slot) > 0 ? 1 : 0;
                if (CountOf(slot) >= PeriodsMin)
                {
                    levels[count++] = LevelOf(slot);
                    within += SpreadOf(slot);
                }
            }

            // A mean of distances, not a median: a season may be one peak an hour long.
            var middle = Robust.Median(levels[..count]);
            foreach (var level in levels[..count])
            {
                across += Math.Abs(level - middle);
            }

            known += count;
        }

        return known < SlotsMin || known * 4 < begun * 3 ? 0 : within > 0 ? across / within : across > 0 ? double.MaxValue : 0;
    }

    /// <summary>Moves all levels, because the series did.</summary>
    /// <param name="by">By how much.</param>
    /// <param name="localSince">When it moved; what the table learned since then lies on the new level already.</param>
    public void Shift(double by, Timestamp localSince)
    {
        var moved = Math.Clamp(_slot - SlotOf(localSince), 0, _slots);
        for (var back = 0; back < _slots; back++)
        {
            foreach (ref var mean in MeansOf(IndexOf(_slot - 1 - back))[(back < moved ? 1 : 0)..])
            {
                mean += by;
            }
        }

        _cachedFor = -1;
    }

    /// <summary>Writes everything.</summary>
    public void Write(StateWriter writer)
    {
        writer.Word((ulong)_slot);
        writer.Number(_mean);
        writer.Word((ulong)_count);
        foreach (var mean in _means)
        {
            writer.Number(mean);
        }
    }

    /// <summary>Takes over what <see cref="Write"/> wrote.</summary>
    /// <returns>False when it cannot be of a table like this.</returns>
    public bool Read(ref StateReader reader)
    {
        (_slot, _mean, _count, _cachedFor) = ((long)reader.Word(), reader.Number(), (long)reader.Word(), -1);
        var isFine = Robust.IsPlausible(_mean) && _count >= 0;
        foreach (ref var mean in _means.AsSpan())
        {
            mean = reader.Number();
            isFine &= double.IsNaN(mean) || Robust.IsPlausible(mean);
        }

        return isFine;
    }

    private void Commit()
    {
        if (_count > 0)
        {
            var slot = IndexOf(_slot);
            var means = MeansOf(slot);
            means[..^1].CopyTo(means[1..]);
            means[0] = _mean;
            _cachedFor = -1;
        }
    }

    private SeasonLevel Find(int slot)
    {
        var (before, after) = (NearestTo(slot, -1), NearestTo(slot, 1));
        if (before < 0)
        {
            return new SeasonLevel(double.NaN, double.NaN, double.NaN, 0);
        }

        var (low, high) = (LevelOf(before), LevelOf(after));
        var level = CountOf(slot) > 0 ? LevelOf(slot) : Distance(before, slot) <= Distance(slot, after) ? low : high;
        return new SeasonLevel(
            level,
            Math.Min(level, Math.Min(low, high)),
            Math.Max(level, Math.Max(low, high)),
            Math.Max(SpreadOf(slot), Math.Max(SpreadOf(before), SpreadOf(after))));
    }

    // The nearest slot in a direction of which something is known; itself when it is the only one, -1 when there is none.
    private int NearestTo(int slot, int direction)
    {
        for (var step = 1; step <= _slots; step++)
        {
            var near = (slot + (step * direction) + _slots) % _slots;
            if (CountOf(near) > 0)
            {
                return near;
            }
        }

        return -1;
    }

    private int Distance(int from, int to) => (to - from + _slots) % _slots;

    // Newest first, so nothing follows where the first gap is.
    private int CountOf(int slot)
    {
        var count = 0;
        while (count < _depth && !double.IsNaN(_means[(slot * _depth) + count]))
        {
            count++;
        }

        return count;
    }

    private double LevelOf(int slot)
    {
        Span<double> means = stackalloc double[_depth];
        MeansOf(slot).CopyTo(means);
        return Robust.Median(means[..CountOf(slot)]);
    }

    private double SpreadOf(int slot)
    {
        Span<double> means = stackalloc double[_depth];
        MeansOf(slot).CopyTo(means);
        return Robust.MedianDistance(means[..CountOf(slot)], LevelOf(slot));
    }

    private Span<double> MeansOf(int slot) => _means.AsSpan(slot * _depth, _depth);

    private long SlotOf(Timestamp time) => FloorDivide(time.Nanoseconds, _slotLength);

    private long PeriodOf(long slot) => FloorDivide(slot, _slots);

    private int IndexOf(long slot) => (int)(slot - (PeriodOf(slot) * _slots));

    private static long FloorDivide(long value, long by) => Math.DivRem(value, by, out var rest) - (rest < 0 ? 1 : 0);
}
