using System.Text;
using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Alerts;

/// <summary>What waits to be notified and what was given up, as committed: the room <c>outbox</c> in memory, one lane per channel.</summary>
/// <remarks>
/// <see cref="Restore"/> once at start, before the sender runs. Then the writer thread adds, and each lane's sender takes;
/// any thread may list.
/// </remarks>
public sealed class Outbox
{
    private readonly AlertsOptions _options;
    private readonly TimeProvider _clock;
    private readonly Lock _changing = new();
    private readonly Dictionary<string, OutboxLane> _lanes;
    private readonly SortedDictionary<long, OutboxEntry> _failed = [];
    private readonly Dictionary<string, OutboxEntry> _orphans = new(StringComparer.Ordinal);
    private readonly long[] _failedByReason = new long[FailReasons.Count];
    private long _lastSequence;

    /// <summary>An empty outbox with a lane for each configured channel.</summary>
    /// <param name="options">The channels, and how much may wait.</param>
    /// <param name="clock">The gateway's clock.</param>
    public Outbox(AlertsOptions options, TimeProvider clock)
    {
        _options = options;
        _clock = clock;
        _lanes = options.ChannelNames.ToDictionary(name => name, name => new OutboxLane(name, clock), StringComparer.Ordinal);
    }

    /// <summary>How many notifications were given up since the start, by reason.</summary>
    public long FailedCount(FailReason reason) => Interlocked.Read(ref _failedByReason[(int)reason]);

    /// <summary>Puts back the rows of the room <c>outbox</c>. Called once.</summary>
    /// <remarks>
    /// Each that waits is marked as a possible duplicate: whether the last run sent it and stopped before recording that is
    /// not known (see docs/decisions/0005). Each goes on being as old as it was; by a clock that shows less than when it was queued it is new.
    /// </remarks>
    /// <exception cref="InvalidDataException">A row is none this version can read.</exception>
    public void Restore(IEnumerable<KeyValuePair<byte[], byte[]>> state)
    {
        foreach (var entry in state.Select(row => AlertRows.ReadEntry(row.Value)).OrderBy(e => e.Sequence))
        {
            _lastSequence = Math.Max(_lastSequence, entry.Sequence);
            if (entry.Failed != FailReason.None)
            {
                _failed[entry.Sequence] = entry;
            }
            else if (_lanes.TryGetValue(entry.Channel, out var lane))
            {
                var age = Timestamp.Now(_clock) - entry.QueuedAt;
                lane.Add(entry with { PossibleDuplicate = true }, age > TimeSpan.Zero ? age : TimeSpan.Zero);
            }
            else
            {
                _orphans.Add(entry.Id, entry);
            }
        }
    }

    /// <summary>Everything that waits or was given up, in the order it was recorded. From any thread.</summary>
    public IReadOnlyList<OutboxEntry> List()
    {
        lock (_changing)
        {
            return [.. _lanes.Values.SelectMany(lane => lane.List()).Concat(_failed.Values).Concat(_orphans.Values)
                .OrderBy(entry => entry.Sequence)];
        }
    }

    /// <summary>How many notifications wait for a channel; 0 for a channel that is not configured. From any thread.</summary>
    public int WaitingCount(string channel) => _lanes.TryGetValue(channel, out var lane) ? lane.Count : 0;

    /// <summary>Adds to the changes one entry per channel; what a channel cannot take is written as given up.</summary>
    internal void Queue(NotificationContent content, IEnumerable<string> channels, Timestamp recordedAt, AlertChanges changes)
    {
        foreach (var channel in channels)
        {
            var entry = new OutboxEntry
            {
                Id = AlertIds.Notification(content, channel),
                Sequence = ++_lastSequence,
                Channel = channel,
                Content = content,
                QueuedAt = recordedAt,
            };
            var refusal = Refusal(channel, changes);
            if (refusal != FailReason.None)
            {
                entry = entry with { Failed = refusal, FailedAt = recordedAt };
                changes.Events.Add(AlertEvents.OfFailure(entry, recordedAt));
            }

            changes.Outbox.Add(entry);
            changes.State.Add((OutboxEntry.Room, Key(entry), AlertRows.Write(entry)));
        }
    }

    /// <summary>The entries are committed: those that wait go to their lanes, and their senders wake.</summary>
    internal void Add(IEnumerable<OutboxEntry> entries)
    {
        foreach (var entry in entries)
        {
            if (entry.Failed == FailReason.None)
            {
                _lanes[entry.Channel].Add(entry);
            }
            else
            {
                Fail(entry);
            }
        }
    }

    /// <summary>The lane of a configured channel.</summary>
    internal OutboxLane Lane(string channel) => _lanes[channel];

    /// <summary>Entries of an earlier run whose channel is configured no more.</summary>
    internal IReadOnlyList<OutboxEntry> Orphans => [.. _orphans.Values];

    /// <summary>The oldest given-up entries that must go before one more is kept.</summary>
    internal IReadOnlyList<OutboxEntry> FailedBeyondLimit()
    {
        lock (_changing)
        {
            return [.. _failed.Values.Take(Math.Max(0, _failed.Count + 1 - _options.FailedMax))];
        }
    }

    /// <summary>The entry is committed as given up; those it pushed out are deleted.</summary>
    internal void Fail(OutboxEntry entry, IReadOnlyList<OutboxEntry>? pushedOut = null)
    {
        lock (_changing)
        {
            _orphans.Remove(entry.Id);
            _failed[entry.Sequence] = entry;
            foreach (var old in pushedOut ?? [])
            {
                _failed.Remove(old.Sequence);
            }
        }

        Interlocked.Increment(ref _failedByReason[(int)entry.Failed]);
    }

    internal static byte[] Key(OutboxEntry entry) => Encoding.UTF8.GetBytes(entry.Id);

    private FailReason Refusal(string channel, AlertChanges changes)
    {
        if (!_lanes.TryGetValue(channel, out var lane))
        {
            return FailReason.UnknownChannel;
        }

        var coming = changes.Outbox.Count(entry => entry.Channel == channel && entry.Failed == FailReason.None);
        return lane.Count + coming >= _options.WaitingMax ? FailReason.OutboxFull : FailReason.None;
    }
}
