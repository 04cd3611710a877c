namespace IotEvents.Gateway.Rules.Anomaly;

/// <summary>Some of the values of an array in ascending order, kept as they come and go, without allocating.</summary>
/// <remarks>The order is held as places in the array, one byte each: an eighth of a sorted copy.</remarks>
/// <param name="values">The array; a place may be overwritten only while it is not ranked. At most 255 long.</param>
internal sealed class RankedValues(double[] values)
{
    private readonly byte[] _places = new byte[values.Length];

    /// <summary>How many values are ranked.</summary>
    public int Count { get; private set; }

    /// <summary>The median; for an even number the middle between the two middle values; not a number when there is none.</summary>
    public double Median => Count == 0 ? double.NaN : Robust.Middle(At((Count - 1) / 2), At(Count / 2));

    /// <summary>The value of a rank; 0 is the smallest.</summary>
    public double At(int rank) => values[_places[rank]];

    /// <summary>Ranks the value at a place.</summary>
    public void Add(int place)
    {
        var rank = RankOf(values[place]);
        Array.Copy(_places, rank, _places, rank + 1, Count - rank);
        _places[rank] = (byte)place;
        Count++;
    }

    /// <summary>Takes the value at a place out. It must be ranked.</summary>
    public void Remove(int place)
    {
        var rank = RankOf(values[place]);
        while (_places[rank] != place)
        {
            rank++;
        }

        Count--;
        Array.Copy(_places, rank + 1, _places, rank, Count - rank);
    }

    /// <summary>Forgets all ranks.</summary>
    public void Clear() => Count = 0;

    /// <summary>
    /// The median absolute deviation from the median (Hampel 1974), without the factor for normal noise. Walks outwards from
    /// the median, so that the deviations come in ascending order by themselves.
    /// </summary>
    public double MedianDeviation()
    {
        if (Count == 0)
        {
            return double.NaN;
        }

        var center = Median;
        var above = Count / 2;
        var below = above - 1;
        var lower = 0.0;
        for (var rank = 0; ; rank++)
        {
            var isAbove = below < 0 || (above < Count && At(above) - center <= center - At(below));
            var deviation = isAbove ? At(above++) - center : center - At(below--);
            if (rank == Count / 2)
            {
                return Count % 2 == 0 ? Robust.Middle(lower, deviation) : deviation;
            }

            lower = deviation;
        }
    }

    // The first rank whose value is not smaller.
    private int RankOf(double value)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = At(middle) < value ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
