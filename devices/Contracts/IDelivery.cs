namespace IotEvents.Devices.Contracts;

/// <summary>How an adapter hears what became of its messages, so that it can acknowledge them to their sender.</summary>
/// <remarks>
/// Called from the journal's thread after a commit, or from the posting thread for what could not be used: return at once,
/// never throw, never call back into the inbox. Messages may settle in another order than they were posted in; an adapter
/// whose protocol wants order keeps it itself.
/// </remarks>
public interface IDelivery
{
    /// <summary>Notes the outcome of one message.</summary>
    /// <param name="tag">The tag it was posted with.</param>
    /// <param name="outcome">What became of it.</param>
    void Settle(ulong tag, DeliveryOutcome outcome);

    /// <summary>All outcomes of this commit are noted: send the acknowledgements that are due, in one write.</summary>
    void Flush();
}

/// <summary>What became of a delivery.</summary>
public enum DeliveryOutcome
{
    /// <summary>Still waiting for the commit.</summary>
    None = 0,

    /// <summary>Durable: acknowledge it.</summary>
    Stored,

    /// <summary>It can never be stored, and was counted: acknowledge it, or the sender repeats it for ever.</summary>
    Malformed,

    /// <summary>The store failed: do not acknowledge; close the link, so that the sender sends it again.</summary>
    Failed,
}
