using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.History;

/// <summary>What the series store holds, and what became of the rest.</summary>
public sealed record SeriesStoreStatus
{
    /// <summary>How many series have points, or had.</summary>
    public required int Series { get; init; }

    /// <summary>How many chunks are on disk.</summary>
    public required long Chunks { get; init; }

    /// <summary>How many points are in them.</summary>
    public required long Points { get; init; }

    /// <summary>Size of the pages in use on disk, in bytes, without the write-ahead log.</summary>
    public required long BytesOnDisk { get; init; }

    /// <summary>Bytes on disk for each point on disk; 0 when there is none.</summary>
    public double BytesPerPoint => Points == 0 ? 0 : (double)BytesOnDisk / Points;

    /// <summary>The time of the oldest chunk's first point; <see cref="Timestamp.None"/> when there is none on
    /// disk.</summary>
    public required Timestamp Oldest { get; init; }

    /// <summary>How many points are in memory, written or not.</summary>
    public required long HeadPoints { get; init; }

    /// <summary>The first journal offset that is needed again after a crash, as last returned.</summary>
    public required long Cursor { get; init; }

    /// <summary>Readings that were dropped since the start because the same time and value was there already.</summary>
    public required long Duplicates { get; init; }

    /// <summary>Different chunks found damaged since the start. They are left out of answers; counted up to
    /// 10,000.</summary>
    public required int DamagedChunks { get; init; }

    /// <summary>Points dropped by age since the start.</summary>
    public required long DroppedByAge { get; init; }

    /// <summary>Points dropped by size since the start.</summary>
    public required long DroppedBySize { get; init; }

    /// <summary>Where the unusable file of an earlier run was moved at the start; null when it was usable.</summary>
    public required string? MovedAside { get; init; }
}
