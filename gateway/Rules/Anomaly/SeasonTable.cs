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
    private readonly int _alike;
    private readonly long _slotLength;
    private SlotMeans _means;
    private long _slot = long.MinValue;
    private double _mean;
    private long _count;

    private SeasonTable(int slots, int depth, int alike, TimeSpan slotLength)
    {
        (_slots, _alike, _slotLength) = (slots, alike, slotLength.Ticks * 100);
        _means = new SlotMeans(slots, depth);
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
            Commit(isNewPeriod);
            (_slot, _mean, _count) = (slot, 0, 0);
        }

        _count++;
        _mean += (value - _mean) / _count;
        return isNewPeriod;
    }

    /// <summary>The number of the slot of a time, since 1970.</summary>
    public long SlotOf(Timestamp localTime) => FloorDivide(localTime.Nanoseconds, _slotLength);

    /// <summary>What is expected at a time; the same for all times of a slot.</summary>
    public SeasonLevel At(Timestamp localTime) => Find(IndexOf(SlotOf(localTime)));

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
                begun += _means.CountOf(slot) > 0 ? 1 : 0;
                if (_means.CountOf(slot) >= PeriodsMin)
                {
                    levels[count++] = _means.LevelOf(slot);
                    within += _means.SpreadOf(slot);
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
        _means.Shift(by);
        for (var back = 1; back <= moved; back++)
        {
            _means.ShiftNewest(IndexOf(_slot - back), -by);
        }
    }

    /// <summary>Writes everything.</summary>
    public void Write(StateWriter writer)
    {
        writer.Word((ulong)_slot);
        writer.Number(_mean);
        writer.Word((ulong)_count);
        _means.Write(writer);
    }

    /// <summary>Takes over what <see cref="Write"/> wrote.</summary>
    /// <returns>False when it cannot be of a table like this.</returns>
    public bool Read(ref StateReader reader)
    {
        (_slot, _mean, _count) = ((long)reader.Word(), reader.Number(), (long)reader.Word());
        return Robust.IsPlausible(_mean) && _count >= 0 && _means.Read(ref reader);
    }

    private void Commit(bool isNewPeriod)
    {
        if (_count == 0)
        {
            return;
        }

        _means.Add(IndexOf(_slot), _mean);
        if (isNewPeriod)
        {
            _means.FindMiddle();
        }
    }

    private SeasonLevel Find(int slot)
    {
        var (before, after) = (NearestTo(slot, -1), NearestTo(slot, 1));
        if (before < 0)
        {
            return new SeasonLevel(double.NaN, double.NaN, double.NaN, 0);
        }

        var (low, high) = (_means.LevelOf(before), _means.LevelOf(after));
        var level = _means.CountOf(slot) > 0 ? _means.LevelOf(slot) : Distance(before, slot) <= Distance(slot, after) ? low : high;
        return new SeasonLevel(
            level,
            Math.Min(level, Math.Min(low, high)),
            Math.Max(level, Math.Max(low, high)),
            Math.Max(_means.SpreadOf(slot), Math.Max(_means.SpreadOf(before), _means.SpreadOf(after))));
    }

    // The nearest slot in a direction of which something is known; itself when it is the only one, -1 when there is none.
    private int NearestTo(int slot, int direction)
    {
        for (var step = 1; step <= _slots; step++)
        {
            var near = (slot + (step * direction) + _slots) % _slots;
            if (_means.CountOf(near) > 0)
            {
                return near;
            }
        }

        return -1;
    }

    private int Distance(int from, int to) => (to - from + _slots) % _slots;

    private long PeriodOf(long slot) => FloorDivide(slot, _slots);

    private int IndexOf(long slot) => (int)(slot - (PeriodOf(slot) * _slots));

    private static long FloorDivide(long value, long by) => Math.DivRem(value, by, out var rest) - (rest < 0 ? 1 : 0);
}
