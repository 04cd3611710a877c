namespace IotEvents.Gateway.Api.Streams;

/// <summary>Counts the streams that are open, and lets no more in than the limit.</summary>
/// <param name="max">The limit.</param>
public sealed class StreamGate(int max)
{
    private int _open;
    private long _cut;
    private long _refused;

    /// <summary>How many streams are open.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>How many were cut since the start because their client did not read.</summary>
    public long Cut => Volatile.Read(ref _cut);

    /// <summary>How many were refused since the start because there were too many.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Takes a place; false when there is none.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _open) <= max)
        {
            return true;
        }

        Interlocked.Decrement(ref _open);
        Interlocked.Increment(ref _refused);
        return false;
    }

    /// <summary>Gives the place back.</summary>
    public void Leave() => Interlocked.Decrement(ref _open);

    /// <summary>Counts a stream that was cut.</summary>
    public void CountCut() => Interlocked.Increment(ref _cut);
}
