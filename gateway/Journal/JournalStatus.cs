namespace IotEvents.Gateway.Journal;

/// <summary>Whether the journal takes records.</summary>
public enum JournalState
{
    /// <summary>Not open yet, or closed.</summary>
    Closed = 0,

    /// <summary>It takes records.</summary>
    Ok,

    /// <summary>No space, or read-only: every commit is tried, and the first that succeeds makes it <see cref="Ok"/> again.</summary>
    Full,

    /// <summary>The disk failed. Nothing is tried until <see cref="JournalStore.Reopen"/>.</summary>
    Failed,
}

/// <summary>How the journal is, at one moment.</summary>
/// <param name="State">Whether it takes records.</param>
/// <param name="Failure">Why not; <see cref="JournalFailure.None"/> when it does.</param>
/// <param name="Detail">The last failure in words; empty when there was none.</param>
/// <param name="FirstOffset">The oldest record it holds; <paramref name="NextOffset"/> when it holds none.</param>
/// <param name="NextOffset">The offset the next record gets.</param>
/// <param name="UsedBytes">What the records and the state take in the file, in bytes; compared with the budget.</param>
/// <param name="FreeBytes">Pages of the file that are free for what comes next, in bytes.</param>
/// <param name="DamagedBatches">Records that could not be read since start; their consumers saw them empty.</param>
/// <param name="DamagedRows">Rows of state and series that could not be read since start, and were left out.</param>
/// <param name="MovedAside">Where a damaged journal was put at start; null when it was sound.</param>
/// <param name="Salvaged">How many records were saved out of the damaged journal.</param>
public sealed record JournalStatus(
    JournalState State,
    JournalFailure Failure,
    string Detail,
    long FirstOffset,
    long NextOffset,
    long UsedBytes,
    long FreeBytes,
    long DamagedBatches,
    long DamagedRows,
    string? MovedAside,
    long Salvaged);
