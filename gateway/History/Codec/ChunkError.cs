namespace IotEvents.Gateway.History.Codec;

/// <summary>Why bytes are not a chunk.</summary>
public enum ChunkError
{
    /// <summary>They are one.</summary>
    None = 0,

    /// <summary>The number of points is not 1 to <see cref="ChunkCodec.PointsMax"/>.</summary>
    Count,

    /// <summary>The layout has a number that this version does not know.</summary>
    Layout,

    /// <summary>The column of times is cut off, or is not in order.</summary>
    Times,

    /// <summary>The column of values is cut off, or holds what no encoder writes.</summary>
    Values,

    /// <summary>The column of qualities is cut off, or does not cover the points.</summary>
    Qualities,

    /// <summary>There are bytes after the last column.</summary>
    Rest,

    /// <summary>The checksum differs.</summary>
    Checksum,
}
