using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Normalize.Signatures;

namespace IotEvents.Gateway.Normalize;

/// <summary>
/// What the <see cref="Normalizer"/> says by the order of coming, said again by the order of measuring: signatures of failing
/// sensors, and exact repeats that came too long after the first for it to know them.
/// </summary>
/// <remarks>Last-known values stay as they came: no rule judges them, and they are no past. Keeps about 180 bytes per series.</remarks>
public sealed class SecondLook : ISecondLook
{
    private const int LastWords = 3;

    private readonly SeriesCatalog _catalog;
    private readonly SignatureWatch _signatures;
    private Last[] _lasts = new Last[64];

    /// <summary>One that knows nothing yet.</summary>
    /// <param name="catalog">All series.</param>
    /// <param name="devices">The devices in force: they say which signatures are ignored.</param>
    public SecondLook(SeriesCatalog catalog, IDeviceDirectory devices)
    {
        _catalog = catalog;
        _signatures = new SignatureWatch(devices);
    }

    /// <summary>Makes them, for the settings of the rules.</summary>
    public static NewSecondLook New { get; } = static (catalog, devices) => new SecondLook(catalog, devices);

    /// <inheritdoc/>
    public IDeviceDirectory Devices
    {
        set => _signatures.Devices = value;
    }

    /// <inheritdoc/>
    public bool TryLook(ref Reading reading)
    {
        if ((reading.Quality & Quality.Retained) != 0)
        {
            return true;
        }

        // Two equal values with the gateway's time are two measurements.
        if ((reading.Quality & (Quality.TimeReceived | Quality.TimeReplaced)) == 0)
        {
            ref var last = ref LastOf(reading.Series);
            var now = new Last(IsKnown: true, reading.Time, BitConverter.DoubleToInt64Bits(reading.Value));
            if (last == now)
            {
                return false;
            }

            last = now;
        }

        reading = reading with { Quality = _signatures.JudgeAgain(_catalog[reading.Series], reading) };
        return true;
    }

    /// <inheritdoc/>
    public void Remember(in Reading reading) => _signatures.Remember(reading);

    /// <inheritdoc/>
    public void ClockStepped(TimeSpan by) => _signatures.ClockStepped(by);

    /// <inheritdoc/>
    public long[] Save(int series)
    {
        var words = new long[LastWords + SeriesPast.Words];
        var last = LastOf(series);
        (words[0], words[1], words[2]) = (last.IsKnown ? 1 : 0, last.Time.Nanoseconds, last.Value);
        _signatures.Save(series, words.AsSpan(LastWords));
        return words;
    }

    /// <inheritdoc/>
    public bool TryRestore(int series, ReadOnlySpan<long> words)
    {
        if (words.Length != LastWords + SeriesPast.Words)
        {
            return false;
        }

        LastOf(series) = new Last(words[0] != 0, new Timestamp(words[1]), words[2]);
        _signatures.Restore(series, words[LastWords..]);
        return true;
    }

    private ref Last LastOf(int series)
    {
        if (series >= _lasts.Length)
        {
            Array.Resize(ref _lasts, Math.Max(series + 1, _lasts.Length * 2));
        }

        return ref _lasts[series];
    }

    /// <summary>The last reading of a series with a time of its own.</summary>
    private readonly record struct Last(bool IsKnown, Timestamp Time, long Value);
}
