using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Journal.Storage;

namespace IotEvents.Gateway.Journal;

/// <summary>One commit in the making: a record, state, series, cursors; all of it becomes durable or nothing. Writer thread only.</summary>
/// <remarks>
/// Disposing it before <see cref="Commit"/> leaves nothing of it. Once a call has thrown, only disposing is left.
/// </remarks>
public sealed class JournalTransaction : IDisposable
{
    private readonly JournalStore _store;
    private readonly JournalRows _rows;
    private bool _done;

    internal JournalTransaction(JournalStore store, JournalRows rows, long offset, Timestamp recordedAt)
    {
        _store = store;
        _rows = rows;
        Offset = offset;
        RecordedAt = recordedAt;
    }

    /// <summary>The offset its record has, or would have if it appends none.</summary>
    public long Offset { get; }

    /// <summary>The gateway's clock, as the record will say.</summary>
    public Timestamp RecordedAt { get; }

    /// <summary>How many bytes of payload it holds.</summary>
    internal long Bytes { get; private set; }

    /// <summary>What was appended; null when nothing was.</summary>
    internal CommittedBatch? Batch { get; private set; }

    /// <summary>Puts the record in; both empty is a record of the time alone. At most once.</summary>
    /// <param name="readings">In the order they came; copied. At most 1,048,576.</param>
    /// <param name="events">After the readings that caused them; the list is copied, its events are kept.</param>
    /// <exception cref="JournalFailedException">The budget is used up and the policy is keep, or the disk does not let it.</exception>
    public void Append(ReadOnlySpan<Reading> readings, IReadOnlyList<EventRecord> events)
    {
        if (Batch is not null)
        {
            throw new InvalidOperationException("A transaction appends at most one record.");
        }

        Guard(static (transaction, state) => transaction._store.MakeRoom(transaction._rows, state), !readings.IsEmpty);
        var blob = _store.Encoder.Encode(readings, events);
        Bytes += blob.Length;
        try
        {
            _rows.PutBatch(Offset, RecordedAt.Nanoseconds, readings.Length, events.Count, blob);
        }
        catch (JournalFailedException error)
        {
            throw Fail(error);
        }

        Batch = new CommittedBatch(Offset, RecordedAt, readings.ToArray(), events.Count == 0 ? [] : [.. events]);
    }

    /// <summary>Puts a series in, or its unit when the series is there.</summary>
    public void PutSeries(Series series) =>
        Guard(static (t, s) => t._rows.PutSeries(s.Id, s.Device, s.Metric, s.Unit.Symbol), series);

    /// <summary>Sets a value of a room's state.</summary>
    /// <param name="room">The room's name, such as <c>rules</c>.</param>
    /// <param name="key">Unique in the room.</param>
    /// <param name="value">Replaces what is there.</param>
    public void PutState(string room, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        RequireOpen();
        Bytes += key.Length + value.Length;
        try
        {
            _rows.PutState(room, key, value);
        }
        catch (JournalFailedException error)
        {
            throw Fail(error);
        }
    }

    /// <summary>Removes a value of a room's state; nothing happens when it is not there.</summary>
    public void DeleteState(string room, ReadOnlySpan<byte> key)
    {
        RequireOpen();
        try
        {
            _rows.DeleteState(room, key);
        }
        catch (JournalFailedException error)
        {
            throw Fail(error);
        }
    }

    /// <summary>Moves a consumer's cursor forward, and registers the consumer; a cursor never moves back.</summary>
    /// <param name="consumer">The consumer's name.</param>
    /// <param name="offset">The first record it still needs.</param>
    public void SetCursor(string consumer, long offset) =>
        Guard(static (t, s) => t._rows.SetCursor(s.consumer, s.offset), (consumer, offset));

    /// <summary>Forgets a consumer, so that nothing is kept for it any more.</summary>
    public void DeleteCursor(string consumer) => Guard(static (t, s) => t._rows.DeleteCursor(s), consumer);

    /// <summary>Makes all of it durable. When it returns, everything may be acknowledged.</summary>
    /// <exception cref="JournalFailedException">Nothing of it is there; <see cref="JournalStore.Status"/> says how the store is.</exception>
    public void Commit()
    {
        RequireOpen();
        try
        {
            _rows.Commit();
        }
        catch (JournalFailedException error)
        {
            throw Fail(error);
        }

        _done = true;
        _store.Committed(this, _rows);
    }

    /// <summary>Leaves nothing of it, unless it was committed.</summary>
    public void Dispose()
    {
        if (!_done)
        {
            _done = true;
            _store.Abandoned(_rows);
        }
    }

    private void Guard<T>(Action<JournalTransaction, T> write, T argument)
    {
        RequireOpen();
        try
        {
            write(this, argument);
        }
        catch (JournalFailedException error)
        {
            throw Fail(error);
        }
    }

    private void RequireOpen()
    {
        if (_done)
        {
            throw new InvalidOperationException("The transaction is over.");
        }
    }

    private JournalFailedException Fail(JournalFailedException error)
    {
        _done = true;
        _store.Note(error);
        _store.Abandoned(_rows);
        return error;
    }
}
