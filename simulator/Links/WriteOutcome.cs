namespace IotEvents.Simulator.Links;

/// <summary>What became of a write to a link that never waits.</summary>
public enum WriteOutcome
{
    /// <summary>Not written yet.</summary>
    None = 0,

    /// <summary>On its way.</summary>
    Written,

    /// <summary>Nobody has the other end open.</summary>
    NobodyReads,

    /// <summary>The other end reads too slowly, and the buffer is full.</summary>
    Full,

    /// <summary>The link is apart: unplugged, or not connected.</summary>
    Down,
}
