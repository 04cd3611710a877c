using IotEvents.Gateway.Journal;

namespace IotEvents.Gateway.Pipeline;

/// <summary>Says when a failed commit is tried again, and says so to people once per change of reason.</summary>
internal sealed partial class CommitRetry
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private TimeSpan _pause = First;
    private JournalFailure? _reason;

    /// <summary>The pause before the next try: 100 ms, doubling to 2 s, so that a disk with room again is used within 5 s.</summary>
    public TimeSpan NextPause()
    {
        var pause = _pause;
        _pause = pause * 2 < Longest ? pause * 2 : Longest;
        return pause;
    }

    public void Failed(JournalFailedException failure, ILogger logger)
    {
        if (_reason != failure.Failure)
        {
            _reason = failure.Failure;
            CommitFailed(logger, failure.Failure, failure);
        }
    }

    public void Succeeded(ILogger logger)
    {
        if (_reason is { } reason)
        {
            CommitsAgain(logger, reason);
            _reason = null;
            _pause = First;
        }
    }

    [LoggerMessage(3002, LogLevel.Error, "The journal cannot commit ({Reason}): nothing is acknowledged until it can.")]
    private static partial void CommitFailed(ILogger logger, JournalFailure reason, Exception failure);

    [LoggerMessage(3003, LogLevel.Information, "The journal commits again after {Reason}.")]
    private static partial void CommitsAgain(ILogger logger, JournalFailure reason);
}
