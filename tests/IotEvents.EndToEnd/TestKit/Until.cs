using Xunit;

namespace IotEvents.EndToEnd.TestKit;

/// <summary>Waits for the thing itself.</summary>
internal static class Until
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks again and again until the answer is not null.</summary>
    /// <param name="ask">Gives null while it is not so.</param>
    /// <param name="what">What is waited for, for the failure's message.</param>
    /// <param name="limit">How long at most; default 30 s.</param>
    public static async Task<T> NotNullAsync<T>(Func<Task<T?>> ask, string what, TimeSpan? limit = null)
        where T : class
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await ask() is { } answer)
            {
                return answer;
            }

            if (TimeProvider.System.GetElapsedTime(started) > (limit ?? TimeSpan.FromSeconds(30)))
            {
                throw new TimeoutException($"Waited in vain for {what}.");
            }

            await Task.Delay(Pause, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Asks again and again until it is so.</summary>
    public static Task TrueAsync(Func<Task<bool>> ask, string what, TimeSpan? limit = null) =>
        NotNullAsync(async () => await ask() ? "yes" : null, what, limit);
}
