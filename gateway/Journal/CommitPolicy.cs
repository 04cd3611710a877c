namespace IotEvents.Gateway.Journal;

/// <summary>Says when the writer commits: the first of time, messages, bytes, or at once for an alert. Pure; one thread.</summary>
/// <remarks>
/// The writer calls <see cref="Add(int)"/> for each message it took, asks <see cref="IsDue"/>, waits at most
/// <see cref="Remaining"/> for more, and calls <see cref="Clear"/> after the commit. Ages come from the clock's monotonic
/// timestamps, so a jump of the wall clock neither delays nor hurries a commit.
/// </remarks>
public sealed class CommitPolicy
{
    private readonly JournalOptions _options;
    private readonly TimeProvider _clock;
    private long _firstAt;
    private long _messages;
    private long _bytes;
    private bool _urgent;

    /// <summary>Nothing waits.</summary>
    public CommitPolicy(JournalOptions options, TimeProvider clock)
    {
        _options = options;
        _clock = clock;
    }

    /// <summary>How many messages wait.</summary>
    public long Messages => _messages;

    /// <summary>True when something waits.</summary>
    public bool IsWaiting => _messages > 0 || _urgent;

    /// <summary>True when the writer should commit now.</summary>
    public bool IsDue => _urgent || _messages >= _options.CommitMessages || _bytes >= _options.CommitBytes
        || (_messages > 0 && Age >= _options.Commit);

    /// <summary>How long the writer may still wait for more; zero when a commit is due; infinite when nothing waits.</summary>
    public TimeSpan Remaining => !IsWaiting ? Timeout.InfiniteTimeSpan
        : IsDue ? TimeSpan.Zero
        : _options.Commit - Age;

    private TimeSpan Age => _clock.GetElapsedTime(_firstAt);

    /// <summary>A message waits from now on.</summary>
    /// <param name="bytes">Its payload's length.</param>
    public void Add(int bytes) => Add(1, bytes);

    /// <summary>Several messages wait from now on.</summary>
    /// <param name="messages">How many; none changes nothing.</param>
    /// <param name="bytes">Their payloads' length together.</param>
    public void Add(int messages, long bytes)
    {
        if (messages <= 0)
        {
            return;
        }

        if (_messages == 0)
        {
            _firstAt = _clock.GetTimestamp();
        }

        _messages += messages;
        _bytes += bytes;
    }

    /// <summary>Something waits that must not wait, such as a raised alert.</summary>
    public void Urge() => _urgent = true;

    /// <summary>What waited is committed.</summary>
    public void Clear()
    {
        _messages = 0;
        _bytes = 0;
        _urgent = false;
    }
}
