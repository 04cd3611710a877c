using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Pipeline;

/// <summary>Notices when the gateway could hear nobody, and tells every room between two batches: that silence is not the devices'.</summary>
/// <remarks>
/// It was off, its process was held up, or its disk took no commit and the links held their senders back. A restart would page for
/// every device otherwise.
/// </remarks>
/// <param name="rooms">Who is told. Without a clock that runs by itself, only what lies before the start is noticed.</param>
/// <param name="clock">The gateway's clock, and its steady counter.</param>
/// <param name="logger">Is told each outage.</param>
internal sealed partial class Outages(PipelineRooms rooms, TimeProvider clock, ILogger logger)
{
    // Less is what load and slow cards do now and then; the shortest silence that is learned is 10 s.
    private static readonly TimeSpan StandstillMin = TimeSpan.FromSeconds(3);

    // How much of a quiet time before a power cut may be taken for a part of the outage.
    private static readonly TimeSpan MarkEvery = TimeSpan.FromMinutes(1);

    private readonly ILogger _logger = logger;
    private long _listenedAt = clock.GetTimestamp();
    private long _recordedAt = clock.GetTimestamp();
    private long? _standsSince;

    /// <summary>True when nothing has been recorded for so long that an empty batch should say that the gateway listens.</summary>
    public bool IsMarkDue => rooms.Clock is not null && clock.GetElapsedTime(_recordedAt) >= MarkEvery;

    /// <summary>A batch is closed.</summary>
    public void Recorded() => _recordedAt = clock.GetTimestamp();

    /// <summary>The gateway starts: what lies between its last batch and now is an outage. Once, after the rules know what was before it.</summary>
    public void Start(Timestamp now, OpenBatch open)
    {
        if (LastRecorded() is { HasValue: true } last)
        {
            Tell(new Outage(last, now, rooms.Reconnect), open);
        }
    }

    /// <summary>Called before anything is taken in. The gateway's time up to which it listened, when it has stood still since; else none.</summary>
    public Timestamp Look(Timestamp now)
    {
        if (rooms.Clock is null)
        {
            return Timestamp.None;
        }

        var steady = clock.GetTimestamp();
        if (clock.GetElapsedTime(_listenedAt, steady) >= StandstillMin)
        {
            _standsSince ??= _listenedAt;
        }

        _listenedAt = steady;
        return _standsSince is { } since ? now - clock.GetElapsedTime(since, steady) : Timestamp.None;
    }

    /// <summary>Tells the rooms, when it has stood still. What was judged before must have been closed.</summary>
    public void Take(Timestamp now, OpenBatch open)
    {
        if (_standsSince is not { } since)
        {
            return;
        }

        _standsSince = null;
        var length = clock.GetElapsedTime(since);
        Tell(new Outage(now - length, now, length < rooms.Reconnect ? length : rooms.Reconnect), open);
    }

    private void Tell(in Outage outage, OpenBatch open)
    {
        rooms.Cadences.Forget();
        rooms.Devices.Missed(outage);
        rooms.Rules.Missed(outage, open.Rules);
        open.Events.Add(outage.ToEvent(rooms.Source));
        rooms.Policy.Urge();
        HeardNobody((outage.To - outage.From).TotalSeconds, outage.From, outage.To, outage.Until);
    }

    private Timestamp LastRecorded()
    {
        var journal = rooms.Journal;
        var batches = new List<CommittedBatch>();
        using var reader = journal.OpenReader();
        return journal.NextOffset > journal.FirstOffset && reader.Read(journal.NextOffset - 1, 1, batches) > 0
            ? batches[0].RecordedAt : Timestamp.None;
    }

    [LoggerMessage(3005, LogLevel.Information, "The gateway heard nobody for {Seconds} s, from {From} to {To}: that is no silence of devices, which counts again from {Until} on.")]
    private partial void HeardNobody(double seconds, Timestamp from, Timestamp to, Timestamp until);
}
