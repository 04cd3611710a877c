namespace IotEvents.Gateway.Events;

/// <summary>Judges stored readings again in the order of measuring, where they were judged in the order of coming.</summary>
/// <remarks>
/// For one engine, on its thread. What it remembers is a function of the readings it was shown, of the steps of the clock and
/// of the devices, so that a replay of the log comes to the same.
/// </remarks>
public interface ISecondLook
{
    /// <summary>The devices in force.</summary>
    IDeviceDirectory Devices { set; }

    /// <summary>Looks at the next reading of its series.</summary>
    /// <param name="reading">Gets the marks that it deserves by what was measured before it.</param>
    /// <returns>False when it repeats the one before, and is not to be judged.</returns>
    bool TryLook(ref Reading reading);

    /// <summary>Notes a good reading of a series of which nothing else is known, so that the next one is not the first.</summary>
    void Remember(in Reading reading);

    /// <summary>The gateway's clock was set: series that live by it have lost and gained no time.</summary>
    void ClockStepped(TimeSpan by);

    /// <summary>What is remembered of a series; the same words for the same memory.</summary>
    long[] Save(int series);

    /// <summary>Takes over what <see cref="Save"/> gave; false, and nothing has changed, when it is not of this version.</summary>
    bool TryRestore(int series, ReadOnlySpan<long> words);
}

/// <summary>Makes a second look that knows nothing yet.</summary>
/// <param name="catalog">All series.</param>
/// <param name="devices">The devices in force.</param>
public delegate ISecondLook NewSecondLook(SeriesCatalog catalog, IDeviceDirectory devices);
