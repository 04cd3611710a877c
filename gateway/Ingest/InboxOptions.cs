namespace IotEvents.Gateway.Ingest;

/// <summary>Limits of the inbox.</summary>
public sealed record InboxOptions
{
    /// <summary>The most readings that wait for a commit, 1,000 to 10,000,000. Default 100,000 (about 5 MB). Beyond it links wait.</summary>
    public int ReadingsMax { get; init; } = 100_000;

    /// <summary>The most messages that wait for a commit, 1,000 to 10,000,000. Default 100,000.</summary>
    public int DeliveriesMax { get; init; } = 100_000;
}
