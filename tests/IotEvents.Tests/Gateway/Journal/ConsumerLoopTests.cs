using System.Threading.Channels;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Journal;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace IotEvents.Tests.Gateway.Journal;

public sealed class ConsumerLoopTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly JournalFolder _folder = new();
    private readonly JournalStore _journal;
    private readonly Cursors _cursors = new();
    private readonly Recorder _consumer = new();
    private readonly CancellationTokenSource _stop = new();

    public ConsumerLoopTests() => _journal = _folder.Open();

    public void Dispose()
    {
        _stop.Dispose();
        _journal.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task RunAsync_OfANewConsumer_RegistersItAndGivesEveryRecordInOrder()
    {
        JournalFolder.Commit(_journal, 1);
        JournalFolder.Commit(_journal, 2);
        var loop = Loop(null);
        var running = loop.RunAsync(_stop.Token);
        Assert.Equal([1, 2], await _consumer.TakeAsync(2));
        JournalFolder.Commit(_journal, 3);
        Assert.Equal([3], await _consumer.TakeAsync(1));
        await _stop.CancelAsync();
        await running.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal((1, 4), (_cursors.Saved[0], _cursors.Saved[^1]));
        Assert.Equal((3, 3, 4, 0, 0), (loop.Status.ConsumedBatches, loop.Status.ConsumedReadings, loop.Status.Cursor,
            loop.Status.LagBatches, loop.Status.Failures));
    }

    [Fact]
    public async Task RunAsync_WithACursor_BeginsThere()
    {
        for (var value = 1; value <= 5; value++)
        {
            JournalFolder.Commit(_journal, value);
        }

        var running = Loop(4).RunAsync(_stop.Token);
        Assert.Equal([4, 5], await _consumer.TakeAsync(2));
        await _stop.CancelAsync();
        await running.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(4, _consumer.StartedAt);
    }

    [Fact]
    public async Task RunAsync_WhenTheConsumerThrows_GivesTheSameAgainAfterAPause()
    {
        JournalFolder.Commit(_journal, 1);
        _consumer.FailuresLeft = 2;
        var loop = Loop(1);
        var running = loop.RunAsync(_stop.Token);
        await UntilAsync(() => loop.Status.Failures == 1);
        _folder.Clock.Advance(TimeSpan.FromMilliseconds(99));
        Assert.Equal(1, loop.Status.Failures);
        await AdvanceUntilAsync(() => loop.Status.Failures == 2, TimeSpan.FromMilliseconds(1));
        await AdvanceUntilAsync(() => loop.Status.ConsumedBatches == 1, TimeSpan.FromMilliseconds(50));
        Assert.Equal([1], await _consumer.TakeAsync(1));
        await UntilAsync(() => loop.Status.LastFailure.Length == 0);
        await _stop.CancelAsync();
        await running.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task RunAsync_WhenTheWriterFails_StillConsumes()
    {
        _cursors.Fails = true;
        JournalFolder.Commit(_journal, 1);
        var loop = Loop(null);
        var running = loop.RunAsync(_stop.Token);
        Assert.Equal([1], await _consumer.TakeAsync(1));
        await _stop.CancelAsync();
        await running.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.True(loop.Status.Failures > 0 && loop.Status.Cursor == 0);
    }

    [Fact]
    public async Task RunAsync_WithACursorThatIsTruncated_CountsWhatItNeverSaw()
    {
        for (var value = 1; value <= 5; value++)
        {
            JournalFolder.Commit(_journal, value);
        }

        _consumer.Hold = true;
        var loop = Loop(1);
        var running = loop.RunAsync(_stop.Token);
        await UntilAsync(() => loop.Status.Failures > 0);
        using (var transaction = _journal.Begin(new(1)))
        {
            transaction.SetCursor("other", 4);
            transaction.Commit();
        }

        Assert.Equal(3, _journal.Truncate());
        _consumer.Hold = false;
        await AdvanceUntilAsync(() => loop.Status.ConsumedBatches == 2, TimeSpan.FromSeconds(1));
        Assert.Equal(3, loop.Status.SkippedBatches);
        await _stop.CancelAsync();
        await running.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    private ConsumerLoop Loop(long? cursor) =>
        new(_consumer, cursor, _journal, _cursors, _folder.Clock, NullLogger.Instance);

    private Task AdvanceUntilAsync(Func<bool> condition, TimeSpan step) => UntilAsync(() =>
    {
        _folder.Clock.Advance(step);
        return condition();
    });

    private static async Task UntilAsync(Func<bool> condition)
    {
        var clock = TimeProvider.System;
        var from = clock.GetTimestamp();
        while (!condition())
        {
            Assert.True(clock.GetElapsedTime(from) < Patience, "It did not come about within 10 s.");
            await Task.Yield();
        }
    }

    private sealed class Recorder : IBatchConsumer
    {
        private readonly Channel<long> _offsets = Channel.CreateBounded<long>(100);

        public string Name => "recorder";

        public long StartedAt { get; private set; }

        public int FailuresLeft { get; set; }

        public volatile bool Hold;

        public long Start(long cursor) => StartedAt = cursor;

        public async ValueTask<long> ConsumeAsync(IReadOnlyList<CommittedBatch> batches, CancellationToken stop)
        {
            if (Hold || FailuresLeft-- > 0)
            {
                throw new InvalidDataException("The lake is dry.");
            }

            foreach (var batch in batches)
            {
                await _offsets.Writer.WriteAsync(batch.Offset, stop);
            }

            return batches[^1].Offset + 1;
        }

        public async Task<List<long>> TakeAsync(int count)
        {
            using var patience = new CancellationTokenSource(Patience);
            var taken = new List<long>();
            while (taken.Count < count)
            {
                taken.Add(await _offsets.Reader.ReadAsync(patience.Token));
            }

            return taken;
        }
    }

    // Commits at once in a store of its own: the loop under test only needs to hear that it was saved.
    private sealed class Cursors : IJournalWriter
    {
        private readonly List<long> _saved = [];

        public bool Fails { get; set; }

        public IReadOnlyList<long> Saved
        {
            get
            {
                lock (_saved)
                {
                    return [.. _saved];
                }
            }
        }

        public Task WriteAsync(Action<JournalTransaction> write, params IReadOnlyList<EventRecord> events)
        {
            if (Fails)
            {
                return Task.FromException(new JournalFailedException(JournalFailure.DiskFull, "full"));
            }

            using var folder = new JournalFolder();
            using var store = folder.Open();
            using (var transaction = store.Begin(new(1)))
            {
                write(transaction);
                transaction.Commit();
            }

            lock (_saved)
            {
                _saved.Add(store.ReadCursors()["recorder"]);
            }

            return Task.CompletedTask;
        }
    }
}
