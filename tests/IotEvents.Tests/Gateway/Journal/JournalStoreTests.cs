using System.Text;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Journal;
using IotEvents.Tests.Gateway.Journal.Codec;
using Xunit;

namespace IotEvents.Tests.Gateway.Journal;

public sealed class JournalStoreTests : IDisposable
{
    private static readonly JournalOptions NoTail = new() { Tail = 0 };
    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_OfNothing_IsEmptyAndBeginsAtOne()
    {
        using var store = _folder.Open();
        Assert.Equal((1, 1), (store.FirstOffset, store.NextOffset));
        Assert.Equal(JournalState.Ok, store.Status.State);
        Assert.Empty(store.ReadSeries());
        Assert.Empty(store.ReadCursors());
    }

    [Fact]
    public void Commit_OfEverything_IsThereAfterReopening()
    {
        var catalog = new SeriesCatalog();
        Assert.True(catalog.TryGetOrAdd("tank"u8, "level"u8, out var series));
        var happened = new EventRecord
        {
            Id = "a",
            Type = EventTypes.ThresholdRaised,
            Source = "/devices/tank",
            Subject = "level",
            Time = new Timestamp(5),
            RecordedAt = new Timestamp(6),
            Data = "{}"u8.ToArray(),
            Extensions = new Dictionary<string, string> { ["rule"] = "r" },
        };
        using (var store = _folder.Open())
        {
            using var transaction = store.Begin(new Timestamp(42));
            transaction.Append(JournalFolder.Readings(1.5, -0.0), [happened]);
            transaction.PutSeries(series);
            transaction.PutState("rules", "k"u8, "v"u8);
            transaction.PutState("rules", "empty"u8, []);
            transaction.SetCursor("series", 1);
            transaction.Commit();
        }

        using var again = _folder.Open();
        var batch = Assert.Single(JournalFolder.ReadAll(again));
        Assert.Equal((1, new Timestamp(42)), (batch.Offset, batch.RecordedAt));
        Assert.Equal(JournalFolder.Readings(1.5, -0.0), batch.Readings.ToArray());
        BatchCodecTests.AssertSame(happened, Assert.Single(batch.Events));
        Assert.Equal(new SeriesRecord(0, "tank", "level", ""), Assert.Single(again.ReadSeries()));
        Assert.Equal(["empty=", "k=v"], again.ReadState("rules").Select(Text));
        Assert.Empty(again.ReadState("alerts"));
        Assert.Equal(1, again.ReadCursors()["series"]);
        Assert.Equal((1, 2), (again.FirstOffset, again.NextOffset));
    }

    [Fact]
    public void Dispose_BeforeCommit_LeavesNothing()
    {
        using var store = _folder.Open();
        using (var transaction = store.Begin(new Timestamp(1)))
        {
            transaction.Append(JournalFolder.Readings(1), []);
            transaction.PutState("rules", "k"u8, "v"u8);
        }

        Assert.Equal(1, store.NextOffset);
        Assert.Empty(store.ReadState("rules"));
        Assert.Equal(1, JournalFolder.Commit(store, 2));
        Assert.Equal(2, Assert.Single(JournalFolder.ReadAll(store)).Readings.Span[0].Value);
    }

    [Fact]
    public void Begin_Twice_Throws()
    {
        using var store = _folder.Open();
        using var transaction = store.Begin(new Timestamp(1));
        Assert.Throws<InvalidOperationException>(() => store.Begin(new Timestamp(1)));
        transaction.Append([], []);
        Assert.Throws<InvalidOperationException>(() => transaction.Append([], []));
        transaction.Commit();
        Assert.Throws<InvalidOperationException>(transaction.Commit);
    }

    [Fact]
    public void Commit_WithoutAppend_TakesNoOffset()
    {
        using var store = _folder.Open();
        using (var transaction = store.Begin(new Timestamp(1)))
        {
            transaction.PutState("rules", "k"u8, "v"u8);
            transaction.Commit();
        }

        Assert.Equal(1, store.NextOffset);
        Assert.Equal(["k=v"], store.ReadState("rules").Select(Text));
    }

    [Fact]
    public void Append_OfNothing_IsARecordOfTheTime()
    {
        using var store = _folder.Open(NoTail);
        using (var transaction = store.Begin(new Timestamp(77)))
        {
            transaction.Append([], []);
            transaction.Commit();
        }

        var batch = Assert.Single(JournalFolder.ReadAll(store));
        Assert.Equal((new Timestamp(77), 0, 0), (batch.RecordedAt, batch.Readings.Length, batch.Events.Count));
    }

    [Fact]
    public void PutSeries_Again_UpdatesItsUnit()
    {
        using var store = _folder.Open();
        var catalog = new SeriesCatalog();
        catalog.TryGetOrAdd("a"u8, "t"u8, out var series);
        Put(store, transaction => transaction.PutSeries(series!));
        Assert.True(Units.TryParse("Cel", out var unit));
        series!.Unit = unit;
        Put(store, transaction => transaction.PutSeries(series));
        Assert.Equal("Cel", Assert.Single(store.ReadSeries()).Unit);
    }

    [Fact]
    public void SetCursor_Backwards_StaysWhereItIs()
    {
        using var store = _folder.Open();
        JournalFolder.Commit(store, 1);
        Put(store, transaction => transaction.SetCursor("a", 2));
        Put(store, transaction => transaction.SetCursor("a", 1));
        Assert.Equal(2, store.ReadCursors()["a"]);
        Put(store, transaction => transaction.DeleteCursor("a"));
        Assert.Empty(store.ReadCursors());
    }

    [Fact]
    public void DeleteState_OfWhatIsThere_RemovesOnlyThat()
    {
        using var store = _folder.Open();
        Put(store, transaction =>
        {
            transaction.PutState("rules", "a"u8, "1"u8);
            transaction.PutState("rules", "b"u8, "2"u8);
            transaction.PutState("alerts", "a"u8, "3"u8);
        });
        Put(store, transaction =>
        {
            transaction.DeleteState("rules", "a"u8);
            transaction.DeleteState("rules", "never"u8);
        });
        Assert.Equal(["b=2"], store.ReadState("rules").Select(Text));
        Assert.Equal(["a=3"], store.ReadState("alerts").Select(Text));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8 << 20)]
    public void Read_WithAnyTail_GivesEveryRecordOnceInOrder(long tail)
    {
        using var store = _folder.Open(new JournalOptions { Tail = tail });
        for (var value = 1; value <= 50; value++)
        {
            JournalFolder.Commit(store, value);
        }

        var batches = JournalFolder.ReadAll(store);
        Assert.Equal(Enumerable.Range(1, 50).Select(offset => (long)offset), batches.Select(batch => batch.Offset));
        Assert.Equal(Enumerable.Range(1, 50).Select(value => (double)value), batches.Select(batch => batch.Readings.Span[0].Value));
    }

    [Fact]
    public void Read_OfWhatIsInTheTail_GivesTheSameObjects()
    {
        using var store = _folder.Open();
        JournalFolder.Commit(store, 1);
        Assert.Same(Assert.Single(JournalFolder.ReadAll(store)), Assert.Single(JournalFolder.ReadAll(store)));
    }

    [Fact]
    public async Task WaitAsync_ForACommit_CompletesWithIt()
    {
        using var store = _folder.Open();
        var first = store.WaitAsync(1, TestContext.Current.CancellationToken);
        var second = store.WaitAsync(2, TestContext.Current.CancellationToken);
        Assert.False(first.IsCompleted);
        JournalFolder.Commit(store, 1);
        await first.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        Assert.False(second.IsCompleted);
        JournalFolder.Commit(store, 2);
        await second.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        Assert.True(store.WaitAsync(2, TestContext.Current.CancellationToken).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task WaitAsync_ToldToStop_IsCancelled()
    {
        using var store = _folder.Open();
        using var stop = new CancellationTokenSource();
        var waiting = store.WaitAsync(1, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public void Truncate_BehindTheSlowestCursor_KeepsWhatItNeeds()
    {
        using var store = _folder.Open(NoTail);
        for (var value = 1; value <= 10; value++)
        {
            JournalFolder.Commit(store, value);
        }

        Assert.Equal(0, store.Truncate());
        Put(store, transaction =>
        {
            transaction.SetCursor("slow", 4);
            transaction.SetCursor("fast", 11);
        });
        Assert.Equal(3, store.Truncate());
        Assert.Equal(4, store.FirstOffset);
        Assert.Equal(4, JournalFolder.ReadAll(store)[0].Offset);
        Put(store, transaction => transaction.SetCursor("slow", 11));
        Assert.Equal(6, store.Truncate());
        Assert.Equal((10, 11), (store.FirstOffset, store.NextOffset));
        Assert.Equal(0, store.Truncate());
    }

    [Fact]
    public void Open_AfterTruncation_GoesOnWithTheNextOffset()
    {
        using (var store = _folder.Open())
        {
            JournalFolder.Commit(store, 1);
            JournalFolder.Commit(store, 2);
            Put(store, transaction => transaction.SetCursor("a", 3));
            store.Truncate();
        }

        using var again = _folder.Open();
        Assert.Equal((2, 3), (again.FirstOffset, again.NextOffset));
    }

    [Fact]
    public void Append_BeyondTheBudget_DropsTheOldestAndCountsThemExactly()
    {
        using var store = _folder.Open(NoTail with { Budget = 1_000_000 });
        Put(store, transaction =>
        {
            transaction.SetCursor("stuck", 1);
            transaction.SetCursor("ahead", long.MaxValue);
        });
        CommitNoise(store, batches: 40, readings: 5000);

        var left = JournalFolder.ReadAll(store);
        var stuck = store.ReadConsumers().Single(cursor => cursor.Name == "stuck");
        Assert.InRange(store.Status.UsedBytes, 1, 1_000_000 + 100_000);
        Assert.True(left.Count < 40 && left[^1].Offset == 40);
        Assert.Equal(40 - left.Count, stuck.DroppedBatches);
        Assert.Equal((40 - left.Count) * 5000L, stuck.DroppedReadings);
        Assert.Equal(left[0].Offset, stuck.Offset);
        Assert.Equal(0, store.ReadConsumers().Single(cursor => cursor.Name == "ahead").DroppedBatches);
    }

    [Fact]
    public void Append_BeyondTheBudgetWithKeep_RefusesReadingsButTakesState()
    {
        using var store = _folder.Open(NoTail with { Budget = 1_000_000, OnFull = JournalFull.Keep });
        var failure = Assert.Throws<JournalFailedException>(() => CommitNoise(store, batches: 40, readings: 5000));
        Assert.Equal(JournalFailure.BudgetFull, failure.Failure);
        var next = store.NextOffset;
        Assert.InRange(next, 5, 39);
        using (var transaction = store.Begin(new Timestamp(1)))
        {
            transaction.Append([], []);
            transaction.PutState("outbox", "k"u8, "v"u8);
            transaction.Commit();
        }

        Assert.Equal(next + 1, store.NextOffset);
        Put(store, transaction => transaction.SetCursor("a", next));
        Assert.NotEqual(0, store.Truncate());
        Assert.Equal(next + 1, JournalFolder.Commit(store, 1));
    }

    [Fact]
    public void Truncate_OverAndOver_ReusesThePages()
    {
        using var store = _folder.Open(NoTail);
        var sizes = new List<long>();
        for (var round = 0; round < 12; round++)
        {
            CommitNoise(store, batches: 5, readings: 5000);
            Put(store, transaction => transaction.SetCursor("a", store.NextOffset));
            store.Truncate();
            store.Idle();
            sizes.Add(new FileInfo(_folder.File).Length);
        }

        // 12 rounds write 2.4 MB; what is kept at a time is 0.2 MB.
        Assert.True(sizes[^1] < 700_000, string.Join(", ", sizes));
    }

    [Fact]
    public void Open_WhileAnotherHoldsIt_IsRefusedWithItsProcess()
    {
        using var store = _folder.Open();
        var failure = Assert.Throws<JournalFailedException>(() => _folder.Open());
        Assert.Equal(JournalFailure.InUse, failure.Failure);
        Assert.Contains($"process {Environment.ProcessId}", failure.Message, StringComparison.Ordinal);
        JournalFolder.Commit(store, 1);
    }

    [Fact]
    public void Open_OfNothing_MakesFilesOnlyTheUserMayRead()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        var folder = Path.Combine(_folder.Folder, "data");
        using var store = JournalStore.Open(Path.Combine(folder, "journal.db"), new JournalOptions(), _folder.Clock,
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        JournalFolder.Commit(store, 1);
        const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(Own | UnixFileMode.UserExecute, Mode(folder));
        var files = Directory.GetFiles(folder);
        Assert.Contains(files, file => file.EndsWith("-wal", StringComparison.Ordinal));
        Assert.All(files, file => Assert.Equal(Own, Mode(file)));
    }

    private static UnixFileMode Mode(string path) =>
        OperatingSystem.IsWindows() ? default : new FileInfo(path).UnixFileMode;

    private static void CommitNoise(JournalStore store, int batches, int readings)
    {
        var random = new Random(11);
        for (var batch = 0; batch < batches; batch++)
        {
            JournalFolder.Commit(store, [.. Enumerable.Range(0, readings).Select(_ => random.NextDouble())]);
        }
    }

    private static void Put(JournalStore store, Action<JournalTransaction> write)
    {
        using var transaction = store.Begin(new Timestamp(1));
        write(transaction);
        transaction.Commit();
    }

    private static string Text(StateRecord state) =>
        $"{Encoding.UTF8.GetString(state.Key)}={Encoding.UTF8.GetString(state.Value)}";
}
