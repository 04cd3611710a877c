namespace IotEvents.Tests.TestKit;

/// <summary>Measures what code allocates in its steady state.</summary>
internal static class Allocations
{
    /// <summary>The bytes that this thread allocates for it: the least of three, once it has run before.</summary>
    /// <remarks>
    /// What the runtime makes meanwhile is not the code's: it compiles again what runs often, and a collection takes the arrays back that a
    /// pool keeps for a thread. What the code itself allocates it allocates each time.
    /// </remarks>
    public static long Least(Action run)
    {
        run();
        var least = long.MaxValue;
        for (var i = 0; i < 3; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
