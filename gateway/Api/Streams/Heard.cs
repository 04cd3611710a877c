using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Api.Streams;

/// <summary>Which series have spoken since the start; a retained value, or one that may be a repeat, is no speaking.</summary>
/// <remarks>Written by the thread that publishes batches; read by any.</remarks>
public sealed class Heard
{
    private const Quality NotFresh = Quality.Retained | Quality.PossibleDuplicate;

    private bool[] _series = new bool[64];

    /// <summary>Takes a batch in.</summary>
    public void Take(ReadOnlySpan<Reading> readings)
    {
        foreach (ref readonly var reading in readings)
        {
            if ((reading.Quality & NotFresh) != 0)
            {
                continue;
            }

            if (reading.Series >= _series.Length)
            {
                var grown = new bool[Math.Max(reading.Series + 1, _series.Length * 2)];
                _series.CopyTo(grown, 0);
                Volatile.Write(ref _series, grown);
            }

            Volatile.Write(ref _series[reading.Series], true);
        }
    }

    /// <summary>True once the series has spoken.</summary>
    public bool HasSpoken(int series)
    {
        var known = Volatile.Read(ref _series);
        return series < known.Length && Volatile.Read(ref known[series]);
    }
}
