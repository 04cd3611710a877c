namespace IotEvents.Gateway.Alerts;

/// <summary>What became of one attempt to send.</summary>
public sealed record SendResult
{
    private SendResult(SendVerdict verdict) => Verdict = verdict;

    /// <summary>The receiver took it.</summary>
    public static SendResult Delivered { get; } = new(SendVerdict.Delivered);

    /// <summary>What became of it.</summary>
    public SendVerdict Verdict { get; }

    /// <summary>What went wrong, one line without secrets; empty when delivered.</summary>
    public string Problem { get; private init; } = "";

    /// <summary>How long the receiver wants to be left alone; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>True when the receiver may have taken it all the same: its answer was lost, or says nothing about that.</summary>
    public bool MayHaveArrived { get; private init; }

    /// <summary>It was not taken now; try again.</summary>
    /// <param name="problem">What went wrong, one line without secrets.</param>
    /// <param name="mayHaveArrived">True unless the receiver cannot have taken it.</param>
    /// <param name="retryAfter">How long the receiver wants to be left alone.</param>
    public static SendResult TryAgain(string problem, bool mayHaveArrived, TimeSpan? retryAfter = null) =>
        new(SendVerdict.TryAgain) { Problem = problem, MayHaveArrived = mayHaveArrived, RetryAfter = retryAfter };

    /// <summary>It will never be taken as it is; trying again is pointless.</summary>
    /// <param name="problem">Why, one line without secrets.</param>
    public static SendResult Refused(string problem) => new(SendVerdict.Refused) { Problem = problem };
}

/// <summary>The kinds of outcome of an attempt.</summary>
public enum SendVerdict
{
    /// <summary>No attempt was made.</summary>
    None = 0,

    /// <summary>The receiver took it.</summary>
    Delivered,

    /// <summary>Not now.</summary>
    TryAgain,

    /// <summary>Never.</summary>
    Refused,
}
