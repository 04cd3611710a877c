namespace IotEvents.Devices.Settings.Zones;

/// <summary>A time zone: how far its clocks are ahead of UTC, at every instant. Immutable; no I/O.</summary>
/// <remarks>
/// Not <see cref="TimeZoneInfo"/>: that applies the rule behind the last transition of a file an hour or a day off where
/// clocks change before 00:00 or after 23:59 (Santiago, Cairo, Jerusalem, Nuuk), which is every year in files without
/// transitions written out, and it rounds offsets to minutes. Instants are seconds since 1970-01-01T00:00:00Z, wall times
/// seconds since 1970-01-01 00:00 on the wall, offsets seconds, positive east of Greenwich.
/// </remarks>
public sealed class ZoneRules
{
    /// <summary>No clock shifts further than a day: crossing the date line.</summary>
    private const long ShiftMax = 24 * 3600;

    private readonly long[] _shifts;
    private readonly int[] _offsets;
    private readonly long _tailFrom;
    private readonly PosixZone? _tail;

    /// <summary>A zone out of the parts of its file.</summary>
    /// <param name="name">Its IANA name.</param>
    /// <param name="shifts">The instants at which the offset changes, ascending.</param>
    /// <param name="offsets">One more: the offset before the first shift, then behind each.</param>
    /// <param name="tailFrom">From here on <paramref name="tail"/> holds.</param>
    /// <param name="tail">The rule for all later years; null when the last offset stays.</param>
    internal ZoneRules(string name, long[] shifts, int[] offsets, long tailFrom, PosixZone? tail)
    {
        Name = name;
        _shifts = shifts;
        _offsets = offsets;
        _tailFrom = tailFrom;
        _tail = tail;
    }

    /// <summary>The zone that needs no data.</summary>
    public static readonly ZoneRules Utc = new("UTC", [], [0], long.MaxValue, null);

    /// <summary>Its IANA name, such as <c>Europe/Berlin</c>.</summary>
    public string Name { get; }

    /// <summary>How far its clocks are ahead of UTC at an instant, in seconds. Allocates nothing.</summary>
    public int Offset(long instant)
    {
        if (_tail is not null && instant >= _tailFrom)
        {
            return _tail.Offset(instant);
        }

        var index = Array.BinarySearch(_shifts, instant);
        return _offsets[index >= 0 ? index + 1 : ~index];
    }

    /// <summary>The first instant after the given one at which the offset changes; <see cref="long.MaxValue"/> when it never does.</summary>
    public long NextShift(long after)
    {
        var index = Array.BinarySearch(_shifts, after);
        index = index >= 0 ? index + 1 : ~index;
        if (index < _shifts.Length)
        {
            return _shifts[index];
        }

        if (_tail is null)
        {
            return long.MaxValue;
        }

        return after < _tailFrom && _tail.Offset(_tailFrom) != _offsets[^1]
            ? _tailFrom
            : _tail.NextShift(Math.Max(after, _tailFrom));
    }

    /// <summary>Which instants a clock on the wall shows as the given wall time.</summary>
    public WallTime Resolve(long wall)
    {
        long? first = null, second = null;
        var from = wall - (2 * ShiftMax);
        while (from <= wall + (2 * ShiftMax))
        {
            var offset = Offset(from);
            var until = NextShift(from);
            var instant = wall - offset;
            if (instant >= from && instant < until)
            {
                second = first is null ? null : instant;
                first ??= instant;
            }

            if (until != long.MaxValue && wall >= until + offset && wall < until + Offset(until))
            {
                return new WallTime(WallTimeKind.Skipped, until, until);
            }

            from = until;
        }

        return second is { } pass
            ? new WallTime(WallTimeKind.Twice, first!.Value, pass)
            : new WallTime(WallTimeKind.Once, first!.Value, first.Value);
    }
}
