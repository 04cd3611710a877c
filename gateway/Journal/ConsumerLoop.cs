using System.Diagnostics.CodeAnalysis;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Journal;

/// <summary>Runs one consumer at its own pace: read, consume, remember the cursor, save it now and then.</summary>
/// <remarks>
/// Its life: the constructor, then <see cref="RunAsync"/> once, until it is told to stop. <see cref="Status"/> may be asked
/// from any thread at any time. A consumer that throws gets the same records again after 100 ms, then twice as long each time,
/// up to 30 s; nobody else waits for it. The cursor is saved at once when the consumer is new, then at most once a second,
/// and at the end: a crash repeats at most what came since.
/// </remarks>
public sealed partial class ConsumerLoop
{
    private const int BatchesMax = 64;
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(30);

    private readonly IBatchConsumer _consumer;
    private readonly JournalStore _journal;
    private readonly IJournalWriter _writer;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly List<CommittedBatch> _batches = new(BatchesMax);
    private volatile ConsumerStatus _status;
    private TimeSpan _pause = PauseMin;
    private Task _saving = Task.CompletedTask;
    private long _position;
    private long _cursor;
    private long _saved;
    private long _savingCursor;
    private long _savedAt;

    /// <summary>A loop that has not begun.</summary>
    /// <param name="consumer">The consumer; the loop does not dispose it.</param>
    /// <param name="cursor">What the journal keeps for it, from <see cref="JournalStore.ReadCursors"/>; null for a new one.</param>
    /// <param name="journal">Where to read.</param>
    /// <param name="writer">How to save the cursor.</param>
    /// <param name="clock">Paces saves and pauses.</param>
    /// <param name="logger">Hears of failures, once per change.</param>
    public ConsumerLoop(
        IBatchConsumer consumer, long? cursor, JournalStore journal, IJournalWriter writer, TimeProvider clock, ILogger logger)
    {
        _consumer = consumer;
        _journal = journal;
        _writer = writer;
        _clock = clock;
        _logger = logger;
        _saved = cursor ?? 0;
        _cursor = Math.Max(_saved, 1);
        _position = _cursor;
        _status = new ConsumerStatus(consumer.Name, _position, _saved, 0, 0, 0, 0, 0, "");
    }

    /// <summary>How it is now.</summary>
    public ConsumerStatus Status =>
        _status is var status ? status with { LagBatches = Math.Max(0, _journal.NextOffset - status.Position) } : status;

    /// <summary>Runs until it is told to stop, and saves the cursor then.</summary>
    /// <param name="stop">Ends the loop; what is being consumed is told too.</param>
    public async Task RunAsync(CancellationToken stop)
    {
        // Off the caller's thread: a start must not wait for a consumer that reads its own files first.
        await Task.Yield();
        using var reader = _journal.OpenReader();
        var started = false;
        while (!stop.IsCancellationRequested)
        {
            started = started ? await TryAsync(() => StepAsync(reader, stop), stop) || started : await TryAsync(StartAsync, stop);
        }

        await TryAsync(SaveLastAsync, CancellationToken.None);
    }

    private ValueTask StartAsync()
    {
        var first = Math.Max(_cursor, _journal.FirstOffset);
        var wanted = _consumer.Start(first);
        // A consumer may be ahead of a journal that lost its end; it cannot be ahead of what will be written next.
        _position = Math.Min(Math.Max(wanted, first), _journal.NextOffset);
        _cursor = _position;
        _status = _status with { Position = _position };
        return SaveIfDueAsync(atOnce: _saved == 0);
    }

    private async ValueTask StepAsync(JournalReader reader, CancellationToken stop)
    {
        await WaitAsync(stop);
        _batches.Clear();
        if (reader.Read(_position, BatchesMax, _batches) > 0)
        {
            var cursor = await _consumer.ConsumeAsync(_batches, stop);
            Advance(cursor);
        }

        await SaveIfDueAsync(atOnce: false);
    }

    // Until there is a record, or a cursor to save.
    private async Task WaitAsync(CancellationToken stop)
    {
        if (_journal.NextOffset > _position)
        {
            return;
        }

        // While a save is under way there is nothing to save: its end is seen with the next record, or at the stop.
        if (_cursor == _saved || _cursor == _savingCursor)
        {
            await _journal.WaitAsync(_position, stop);
            return;
        }

        using var timeout = new CancellationTokenSource(SaveEvery, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, timeout.Token);
        try
        {
            await _journal.WaitAsync(_position, either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // Nothing came for a second: time to save.
        }
    }

    private void Advance(long cursor)
    {
        var (first, last) = (_batches[0].Offset, _batches[^1].Offset);
        if (cursor > last + 1)
        {
            throw new InvalidOperationException($"The consumer {_consumer.Name} says {cursor} after it was given {last}.");
        }

        long readings = 0;
        foreach (var batch in _batches)
        {
            readings += batch.Readings.Length;
        }

        var before = _status;
        _status = before with
        {
            Position = last + 1,
            ConsumedBatches = before.ConsumedBatches + _batches.Count,
            ConsumedReadings = before.ConsumedReadings + readings,
            SkippedBatches = before.SkippedBatches + Math.Max(0, first - _position),
        };
        _position = last + 1;
        _cursor = Math.Max(_cursor, cursor);
    }

    // Begun here, looked at later: a consumer must not stand still while its cursor waits for the next commit.
    private async ValueTask SaveIfDueAsync(bool atOnce)
    {
        if (!_saving.IsCompleted)
        {
            return;
        }

        await TakeSavedAsync();
        if (atOnce || (_cursor != _saved && _clock.GetElapsedTime(_savedAt) >= SaveEvery))
        {
            Save();
        }
    }

    private void Save()
    {
        var cursor = _cursor;
        _savedAt = _clock.GetTimestamp();
        _savingCursor = cursor;
        _saving = _writer.WriteAsync(transaction => transaction.SetCursor(_consumer.Name, cursor));
    }

    [SuppressMessage("Design", "CA1031", Justification = "Border of the consumer: a cursor that is not saved is saved next time.")]
    private async ValueTask TakeSavedAsync()
    {
        try
        {
            await _saving;
            _saved = Math.Max(_saved, _savingCursor);
            _status = _status with { Cursor = _saved };
        }
        catch (Exception)
        {
            // The journal says itself why it does not write; here it only counts.
            _status = _status with { Failures = _status.Failures + 1 };
            _saving = Task.CompletedTask;
            _savingCursor = 0;
        }
    }

    private async ValueTask SaveLastAsync()
    {
        await TakeSavedAsync();
        if (_cursor != _saved)
        {
            Save();
            await TakeSavedAsync();
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Border of the consumer: its failure stops neither others nor the ingest.")]
    private async Task<bool> TryAsync(Func<ValueTask> step, CancellationToken stop)
    {
        try
        {
            await step();
            _pause = PauseMin;
            if (_status.LastFailure.Length > 0)
            {
                _status = _status with { LastFailure = "" };
                LogWell(_logger, _consumer.Name);
            }

            return true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception error)
        {
            Count(error);
            await PauseAsync(stop);
            return false;
        }
    }

    private void Count(Exception error)
    {
        var before = _status;
        _status = before with { Failures = before.Failures + 1, LastFailure = error.Message };
        if (before.LastFailure != error.Message)
        {
            LogFailure(_logger, error, _consumer.Name);
        }
    }

    private async Task PauseAsync(CancellationToken stop)
    {
        try
        {
            await Task.Delay(_pause, _clock, stop);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        _pause = _pause * 2 < PauseMax ? _pause * 2 : PauseMax;
    }

    [LoggerMessage(3010, LogLevel.Warning, "Consumer {Name} failed; the same records come again")]
    private static partial void LogFailure(ILogger logger, Exception error, string name);

    [LoggerMessage(3011, LogLevel.Information, "Consumer {Name} goes on")]
    private static partial void LogWell(ILogger logger, string name);
}
