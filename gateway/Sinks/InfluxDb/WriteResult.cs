namespace IotEvents.Gateway.Sinks.InfluxDb;

/// <summary>What InfluxDB made of a request.</summary>
/// <param name="Verdict">In one word.</param>
/// <param name="Problem">What it said, one line without secrets; empty when written.</param>
/// <param name="RetryAfter">How long it wants to be left alone; null when it did not say.</param>
/// <param name="Dropped">How many lines of the request it dropped while it wrote the rest; null when it did not say.</param>
internal sealed record WriteResult(WriteVerdict Verdict, string Problem = "", TimeSpan? RetryAfter = null, int? Dropped = null)
{
    public static readonly WriteResult Written = new(WriteVerdict.Written);
}

/// <summary>The kinds of outcome of a request.</summary>
internal enum WriteVerdict
{
    /// <summary>No request was made.</summary>
    None = 0,

    /// <summary>All lines are written.</summary>
    Written,

    /// <summary>The server, the way to it, or our access to it is broken: nothing is wrong with the lines.</summary>
    Outage,

    /// <summary>The database does not exist, and this version lets us create it.</summary>
    NoDatabase,

    /// <summary>At least one line can never be written.</summary>
    Poison,
}
