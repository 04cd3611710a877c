namespace IotEvents.Gateway.Journal;

/// <summary>The world did not let the journal work. What was being written is not there; nothing of it may be acknowledged.</summary>
/// <remarks>
/// One exception: after <see cref="JournalFailure.IoError"/> in a commit the outcome is open until the journal is opened anew.
/// The record may then be there or not, so its senders must send again.
/// </remarks>
public sealed class JournalFailedException : Exception
{
    /// <summary>A failure with its reason.</summary>
    /// <param name="failure">Why; never <see cref="JournalFailure.None"/>.</param>
    /// <param name="message">What happened and what to do, for people; no secrets.</param>
    /// <param name="inner">What the system said; null when nothing.</param>
    public JournalFailedException(JournalFailure failure, string message, Exception? inner = null)
        : base(message, inner) => Failure = failure;

    /// <summary>Why.</summary>
    public JournalFailure Failure { get; }
}
