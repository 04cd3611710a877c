using System.Numerics;

namespace IotEvents.Gateway.Rules.Anomaly;

/// <summary>The means of a series in slots of time that come back: for each slot the last few.</summary>
/// <remarks>
/// A mean is kept in three bytes, by its distance from the middle of all means: so its error is a part of the season's size,
/// one in 65,536 at most, wherever the series has its zero. 720 B for a day and 1,512 B for a week, in place of 1,920 and 4,032.
/// </remarks>
/// <param name="slots">How many slots.</param>
/// <param name="depth">How many means of each.</param>
internal struct SlotMeans(int slots, int depth)
{
    // The means of a slot beside each other, newest first, so nothing follows where the first gap is.
    private readonly Float24[] _distances = Unknown(slots * depth);
    private double _middle = double.NaN;

    /// <summary>How many means of a slot are known.</summary>
    public readonly int CountOf(int slot)
    {
        var means = MeansOf(slot);
        var count = 0;
        while (count < depth && means[count].IsNumber)
        {
            count++;
        }

        return count;
    }

    /// <summary>The median of a slot's means; not a number when it has none.</summary>
    public readonly double LevelOf(int slot)
    {
        Span<double> known = stackalloc double[depth];
        return Robust.Median(known[..Known(MeansOf(slot), known)]);
    }

    /// <summary>The median distance of a slot's means from its level; 0 when it has none.</summary>
    public readonly double SpreadOf(int slot)
    {
        Span<double> known = stackalloc double[depth];
        return Robust.MedianDistance(known[..Known(MeansOf(slot), known)], LevelOf(slot));
    }

    /// <summary>Adds a mean to a slot; the oldest of it makes room.</summary>
    public void Add(int slot, double mean)
    {
        _middle = double.IsNaN(_middle) ? mean : _middle;
        var means = MeansOf(slot);
        means[..^1].CopyTo(means[1..]);
        means[0] = new Float24(mean - _middle);

        Span<double> known = stackalloc double[_distances.Length];
        known = known[..Known(_distances, known)];
        if (BitOperations.IsPow2(known.Length))
        {
            // Soon again at first: the first of all may be a strange one, and all others too far from it.
            MoveMiddle(Robust.Median(known));
        }
    }

    /// <summary>Measures from the middle of what is known now. It costs digits of each mean, so now and then is enough.</summary>
    public void FindMiddle()
    {
        Span<double> known = stackalloc double[_distances.Length];
        MoveMiddle(Robust.Median(known[..Known(_distances, known)]));
    }

    /// <summary>Adds a number to all means.</summary>
    public void Shift(double by) => _middle += by;

    /// <summary>Adds a number to the newest mean of a slot.</summary>
    public readonly void ShiftNewest(int slot, double by)
    {
        ref var newest = ref MeansOf(slot)[0];
        newest = new Float24(newest.Value + by);
    }

    /// <summary>Writes everything.</summary>
    public readonly void Write(StateWriter writer)
    {
        writer.Number(_middle);
        foreach (var distance in _distances)
        {
            distance.Write(writer);
        }
    }

    /// <summary>Takes over what <see cref="Write"/> wrote.</summary>
    /// <returns>False when it cannot be.</returns>
    public bool Read(ref StateReader reader)
    {
        _middle = reader.Number();
        var isFine = double.IsNaN(_middle) || Robust.IsPlausible(_middle);
        foreach (ref var distance in _distances.AsSpan())
        {
            distance = Float24.Read(ref reader);
            isFine &= !distance.IsNumber || Robust.IsPlausible(_middle + distance.Value);
        }

        return isFine;
    }

    private static Float24[] Unknown(int count)
    {
        var distances = new Float24[count];
        Array.Fill(distances, Float24.NaN);
        return distances;
    }

    private void MoveMiddle(double to)
    {
        foreach (ref var distance in _distances.AsSpan())
        {
            distance = new Float24(distance.Value + (_middle - to));
        }

        _middle = to;
    }

    // Copies those that are known; gives their number.
    private readonly int Known(ReadOnlySpan<Float24> distances, Span<double> means)
    {
        var count = 0;
        foreach (var distance in distances)
        {
            if (distance.IsNumber)
            {
                means[count++] = _middle + distance.Value;
            }
        }

        return count;
    }

    private readonly Span<Float24> MeansOf(int slot) => _distances.AsSpan(slot * depth, depth);
}
