using IotEvents.Gateway.History.Codec;

namespace IotEvents.Gateway.History;

/// <summary>What the series store says.</summary>
internal static partial class SeriesLog
{
    [LoggerMessage(5000, LogLevel.Information,
        "Series store '{Path}' opened: {Series} series, {Points} points, cursor {Cursor}")]
    public static partial void Opened(this ILogger logger, string path, int series, long points, long cursor);

    [LoggerMessage(5001, LogLevel.Error,
        "Series store '{Path}' is not usable ({Reason}); moved to '{Aside}', begun anew")]
    public static partial void MovedAside(this ILogger logger, string path, string reason, string aside);

    [LoggerMessage(5002, LogLevel.Warning,
        "Chunk {Chunk} of series {Series} is damaged ({Error}); its points are left out")]
    public static partial void Damaged(this ILogger logger, long chunk, string series, ChunkError error);

    [LoggerMessage(5003, LogLevel.Warning, "The store '{Path}' counted in another journal; its offsets are forgotten")]
    public static partial void AnotherJournal(this ILogger logger, string path);

    [LoggerMessage(5004, LogLevel.Warning,
        "The last points were not written at the stop; the journal brings them again")]
    public static partial void StopFailed(this ILogger logger, Exception error);

    [LoggerMessage(5005, LogLevel.Information, "Retention dropped {Points} points in {Chunks} chunks")]
    public static partial void Dropped(this ILogger logger, long points, int chunks);
}
