using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Rules.Anomaly;

/// <summary>Chooses which readings are learned: at most one for each step of time, at an uneven moment of the step.</summary>
/// <remarks>
/// Uneven, because a series may have a rhythm of its own: of one with a peak each quarter of an hour, even samples a quarter of
/// an hour apart would see every peak or none. The moments come from the number of the step alone, so they are the same each time.
/// </remarks>
internal readonly struct SampleGrid(TimeSpan step)
{
    private readonly long _step = step.Ticks * 100;

    /// <summary>The number of the last moment that has come; a reading with a new number is learned.</summary>
    public long IndexOf(Timestamp time)
    {
        var number = Math.DivRem(time.Nanoseconds, _step, out var rest);
        if (rest < 0)
        {
            number--;
            rest += _step;
        }

        // The upper 20 bits of the hash as a part of the step.
        var moment = (long)((Hash((ulong)number) >> 44) * (_step / (double)(1 << 20)));
        return rest >= moment ? number : number - 1;
    }

    // The finalizer of SplitMix64 (Steele, Lea, Flood 2014): each bit of the number changes every bit of the result.
    private static ulong Hash(ulong number)
    {
        var x = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
