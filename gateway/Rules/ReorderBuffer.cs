using System.Runtime.InteropServices;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Rules;

/// <summary>Holds readings back for a while, so that those that come in another order than they were measured are judged in order.</summary>
/// <remarks>
/// A reading is let go a lateness after it was measured, and at the latest a lateness after it came; the order is that of
/// measuring, and for the same instant that of series and value, so that it does not depend on the order of coming. A repeat
/// comes right behind its first. Where the clock of a device is ahead, the order of each of its series is kept: what was measured
/// before goes no later.
/// </remarks>
internal sealed class ReorderBuffer(TimeSpan lateness) : IStateOwner
{
    // By series, what was measured later than it came, as the gateway sees it; hardly ever anything.
    private readonly Dictionary<int, List<(Timestamp Time, Timestamp Due)>> _ahead = [];
    private readonly PriorityQueue<Reading, (long Due, long Time, int Series, long Value, long ReceivedAt, int Quality)> _held = new();

    /// <inheritdoc/>
    public bool IsMarked { get; set; }

    /// <summary>When the next reading is let go, in gateway time; none when nothing is held.</summary>
    public Timestamp Next => _held.TryPeek(out _, out var order) ? new Timestamp(order.Due) : Timestamp.None;

    /// <summary>When a reading counts as taken up, in gateway time: a lateness after it was measured, or as it came when that is over.</summary>
    public Timestamp TakenUpAt(in Reading reading) =>
        reading.Time + lateness is var due && due > reading.ReceivedAt ? due : reading.ReceivedAt;

    /// <summary>Takes a reading in.</summary>
    public void Hold(in Reading reading)
    {
        var due = DueOf(reading);
        if (_ahead.Count > 0 && _ahead.TryGetValue(reading.Series, out var later))
        {
            foreach (var (time, goes) in later)
            {
                due = time >= reading.Time && goes < due ? goes : due;
            }
        }

        Hold(reading, due);
    }

    /// <summary>Lets the next reading go if its time has come.</summary>
    public bool TryLetGo(Timestamp now, out Reading reading)
    {
        if (Next is { HasValue: true } next && next <= now)
        {
            reading = _held.Dequeue();
            if (reading.Time > reading.ReceivedAt && _ahead.TryGetValue(reading.Series, out var ahead)
                && ahead.Remove((reading.Time, next)) && ahead.Count == 0)
            {
                _ahead.Remove(reading.Series);
            }

            return true;
        }

        reading = default;
        return false;
    }

    /// <inheritdoc/>
    public KeyValuePair<byte[], byte[]?> Save()
    {
        if (_held.Count == 0)
        {
            return new(StateKey.OfHeld, null);
        }

        var writer = new StateWriter();
        writer.Word((ulong)_held.Count);
        foreach (var (reading, order) in _held.UnorderedItems.OrderBy(item => item.Priority))
        {
            writer.Word((ulong)reading.Series);
            writer.Word((ulong)reading.Quality);
            writer.Time(reading.Time);
            writer.Time(reading.ReceivedAt);
            writer.Number(reading.Value);
            writer.Time(new Timestamp(order.Due));
        }

        return new(StateKey.OfHeld, writer.ToArray());
    }

    /// <summary>Takes over what <see cref="Save"/> gave; nothing when it is not of this version.</summary>
    public bool TryRestore(byte[] state, int seriesCount)
    {
        var reader = new StateReader(state);
        var held = new List<(Reading Reading, Timestamp Due)>();
        for (var left = reader.Word(); left > 0 && !reader.HasFailed; left--)
        {
            held.Add((new Reading((int)reader.Word(), (Quality)reader.Word(), reader.Time(), reader.Time(), reader.Number()), reader.Time()));
        }

        if (!reader.IsComplete || held.Exists(it => (uint)it.Reading.Series >= (uint)seriesCount))
        {
            return false;
        }

        // The lateness may be a shorter one now.
        held.ForEach(it => Hold(it.Reading, Timestamp.Earlier(it.Due, DueOf(it.Reading))));
        return true;
    }

    private Timestamp DueOf(in Reading reading) => (reading.Time < reading.ReceivedAt ? reading.Time : reading.ReceivedAt) + lateness;

    private void Hold(in Reading reading, Timestamp due)
    {
        if (reading.Time > reading.ReceivedAt)
        {
            (CollectionsMarshal.GetValueRefOrAddDefault(_ahead, reading.Series, out _) ??= []).Add((reading.Time, due));
        }

        _held.Enqueue(reading, (
            due.Nanoseconds, reading.Time.Nanoseconds, reading.Series, BitConverter.DoubleToInt64Bits(reading.Value),
            reading.ReceivedAt.Nanoseconds, (int)reading.Quality));
    }
}
