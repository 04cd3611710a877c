namespace IotEvents.Gateway.Events;

/// <summary>How long the other side of HTTP wants to be left alone.</summary>
public static class RetryAfter
{
    /// <summary>What an answer's <c>Retry-After</c> says, more than zero for a date; null when it says nothing, or a date that is over.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="clock">What a date counts from when the answer does not tell its own: our clock may not be set yet.</param>
    public static TimeSpan? Of(HttpResponseMessage response, TimeProvider clock)
    {
        if (response.Headers.RetryAfter is not { } after)
        {
            return null;
        }

        var wait = after.Delta ?? (after.Date - (response.Headers.Date ?? clock.GetUtcNow()));
        return after.Delta is not null || wait > TimeSpan.Zero ? wait : null;
    }
}
