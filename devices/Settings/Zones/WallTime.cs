namespace IotEvents.Devices.Settings.Zones;

/// <summary>How often clocks show a wall time.</summary>
public enum WallTimeKind
{
    /// <summary>Once, as nearly always.</summary>
    Once,

    /// <summary>Twice: the clocks were put back over it.</summary>
    Twice,

    /// <summary>Never: the clocks were put forward over it.</summary>
    Skipped,
}

/// <summary>The instants at which clocks show a wall time.</summary>
/// <param name="Kind">How many they are.</param>
/// <param name="First">The only or the first one, in seconds since 1970 UTC. Of a skipped wall time, the end of the gap.</param>
/// <param name="Second">The second pass; <paramref name="First"/> when there is none.</param>
public readonly record struct WallTime(WallTimeKind Kind, long First, long Second);
