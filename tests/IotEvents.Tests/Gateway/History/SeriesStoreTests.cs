using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.History;
using Xunit;
using static IotEvents.Tests.Gateway.History.SeriesStoreRig;

namespace IotEvents.Tests.Gateway.History;

public sealed class SeriesStoreTests : IDisposable
{
    private readonly SeriesStoreRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Read_PointsInMemory_GivesThemInOrderOfTime()
    {
        var boiler = _rig.Series("boiler");
        _rig.Feed(Reading(boiler, 2, 22), Reading(boiler, 1, 21), Reading(boiler, 3, 23));
        Assert.Equal("1:21 2:22 3:23", _rig.Text(boiler));
    }

    [Fact]
    public void Read_Range_TakesTheFirstInstantAndNotTheLast()
    {
        var boiler = _rig.Series("boiler");
        _rig.Feed(Reading(boiler, 1, 21), Reading(boiler, 2, 22), Reading(boiler, 3, 23));
        Assert.Equal([22], _rig.Store.Read(boiler, At(2), At(3), 10).Select(point => point.Value));
        Assert.Empty(_rig.Store.Read(boiler, At(3), At(2), 10));
        Assert.Equal([21, 22], _rig.Store.Read(boiler, At(0), At(9), 2).Select(point => point.Value));
    }

    [Fact]
    public void Read_SameTimeTwice_DropsTheSameValueAndKeepsAnother()
    {
        var boiler = _rig.Series("boiler");
        _rig.Feed(Reading(boiler, 1, 21), Reading(boiler, 1, 21), Reading(boiler, 1, 20), Reading(boiler, 1, 21));
        Assert.Equal("1:21 1:20", _rig.Text(boiler));
        Assert.Equal(2, _rig.Store.Status.Duplicates);
    }

    [Fact]
    public void Read_SameTimeAgainAfterItsChunkWasWritten_DropsTheSameValueAndKeepsAnother()
    {
        var boiler = _rig.Series("boiler");
        Fill(boiler, 0, 1100);
        _rig.Clock.Advance(TimeSpan.FromSeconds(11));
        _rig.Feed(Reading(boiler, 2000, 1));
        _rig.Feed(Reading(boiler, 5, 5), Reading(boiler, 5, 55), Reading(boiler, 5.5, 7));
        Assert.Equal(1, _rig.Store.Status.Chunks);
        Assert.Equal([5, 55, 7], _rig.Store.Read(boiler, At(5), At(6), 10).Select(point => point.Value));
        _rig.CrashAndRestart();
        Assert.Equal([5, 55, 7], _rig.Store.Read(boiler, At(5), At(6), 10).Select(point => point.Value));
        Assert.Equal(1103, _rig.All(boiler).Count);
    }

    [Fact]
    public void Read_UnknownSeries_IsEmpty()
    {
        Assert.Empty(_rig.Store.Read(17, At(0), At(1), 1));
        Assert.Empty(_rig.Store.Read(-1, At(0), At(1), 1));
        Assert.Empty(_rig.Store.Read(_rig.Series("silent"), At(0), At(1), 1));
        Assert.False(_rig.Store.TryGetLatest(17, out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Read_NoPointsOrNoStep_Throws(int wrong)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _rig.Store.Read(0, At(0), At(1), wrong));
        Assert.Throws<ArgumentOutOfRangeException>(() => _rig.Store.Read(0, At(0), At(1), TimeSpan.FromTicks(wrong)));
    }

    [Fact]
    public void Read_ByStep_AlignsBucketsAndLeavesGapsOpen()
    {
        var boiler = _rig.Series("boiler");
        _rig.Feed(Reading(boiler, 61, 4), Reading(boiler, 62, 2), Reading(boiler, 119, 3), Reading(boiler, 300, 9));
        Assert.Equal(
            [
                new SeriesBucket(At(60), 3, 2, 4, 3, 4, 3),
                new SeriesBucket(At(300), 9, 9, 9, 1, 9, 9),
            ],
            _rig.Store.Read(boiler, At(0), At(600), TimeSpan.FromMinutes(1)));
    }

    [Theory]
    [InlineData(Quality.OutOfRange, 1)]
    [InlineData(Quality.Suspect | Quality.TimeReceived, 1)]
    [InlineData(Quality.Retained, 2)]
    [InlineData(Quality.UnitAssumed, 2)]
    public void Read_ByStep_LeavesOutWhatIsKnownToBeWrong(Quality quality, int count)
    {
        var boiler = _rig.Series("boiler");
        _rig.Feed(Reading(boiler, 1, 21), Reading(boiler, 2, 85, quality));
        Assert.Equal(count, Assert.Single(_rig.Store.Read(boiler, At(0), At(60), TimeSpan.FromMinutes(1))).Count);
        Assert.Equal([Quality.Good, quality], _rig.All(boiler).Select(point => point.Quality));
    }

    [Fact]
    public void Read_ByStepAtBothEndsOfTime_GivesBuckets()
    {
        var boiler = _rig.Series("boiler");
        _rig.Feed(
            new(boiler, Quality.Good, new Timestamp(long.MinValue), At(0), 1),
            new(boiler, Quality.Good, new Timestamp(-1), At(0), 2),
            new(boiler, Quality.Good, new Timestamp(long.MaxValue - 1), At(0), 3));
        var buckets = _rig.Store.Read(
            boiler, new Timestamp(long.MinValue), new Timestamp(long.MaxValue), TimeSpan.FromHours(1));
        Assert.Equal([1, 2, 3], buckets.Select(bucket => bucket.Mean));
        Assert.Equal(-3_600_000_000_000, buckets[1].Start.Nanoseconds);
        Assert.Single(_rig.Store.Read(boiler, At(-1e10), new Timestamp(long.MaxValue), TimeSpan.MaxValue), b => b.Last == 3);
    }

    [Fact]
    public void TryGetLatest_ClockWasSetBack_TheNextPointIsTheLatest()
    {
        var boiler = _rig.Series("boiler");
        _rig.Feed(Reading(boiler, 5000, 25));
        var step = new ClockStep(At(5000), At(1400), WasTrusted: true, IsTrusted: true).ToEvent("/gateway/test");
        _rig.Journal.Add(new CommittedBatch(_rig.Journal.Count + 1, At(1400), default, [step]));
        _rig.Consume(_rig.Journal[^1]);
        _rig.Feed(Reading(boiler, 1401, 26));
        Assert.True(_rig.Store.TryGetLatest(boiler, out var point));
        Assert.Equal(new SeriesPoint(At(1401), 26, Quality.Good), point);
    }

    [Fact]
    public void TryGetLatest_LatePoint_StaysTheLatestByTime()
    {
        var boiler = _rig.Series("boiler");
        Assert.False(_rig.Store.TryGetLatest(boiler, out _));
        _rig.Feed(Reading(boiler, 5, 25), Reading(boiler, 1, 21));
        Assert.True(_rig.Store.TryGetLatest(boiler, out var point));
        Assert.Equal(new SeriesPoint(At(5), 25, Quality.Good), point);
        _rig.Feed(Reading(boiler, 5, 26, Quality.Retained));
        Assert.True(_rig.Store.TryGetLatest(boiler, out point));
        Assert.Equal(new SeriesPoint(At(5), 26, Quality.Retained), point);
    }

    [Theory]
    [InlineData(21.37)]
    [InlineData(-0.0)]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(3.0)]
    public void TryGetLatest_AfterARestart_IsTheSame(double value)
    {
        var boiler = _rig.Series("boiler");
        _rig.Feed(Reading(boiler, 5, value, Quality.TimeReceived));
        _rig.Store.Dispose();
        _rig.Restart();
        Assert.True(_rig.Store.TryGetLatest(boiler, out var point));
        Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(point.Value));
        Assert.Equal((At(5), Quality.TimeReceived), (point.Time, point.Quality));
    }

    [Fact]
    public void Restart_AnotherCatalog_FindsSeriesByName()
    {
        var (boiler, pump) = (_rig.Series("boiler"), _rig.Series("pump"));
        _rig.Feed(Reading(boiler, 1, 21), Reading(pump, 1, 3));
        _rig.Store.Dispose();
        _rig.ForgetCatalog();
        (pump, boiler) = (_rig.Series("pump"), _rig.Series("boiler"));
        _rig.Restart();
        Assert.Equal(("1:21", "1:3"), (_rig.Text(boiler), _rig.Text(pump)));
    }

    [Fact]
    public void Read_UnitBecomesKnown_IsTheSameSeries()
    {
        var boiler = _rig.Series("boiler", unit: "");
        _rig.Feed(Reading(boiler, 1, 21));
        _rig.Series("boiler", unit: "Cel");
        _rig.Feed(Reading(boiler, 2, 22));
        _rig.Store.Dispose();
        _rig.Restart();
        Assert.Equal("1:21 2:22", _rig.Text(boiler));
        Assert.Equal(1, _rig.Store.Status.Series);
    }

    [Fact]
    public void Read_AnotherUnitAfterANewJournal_IsAnotherSeries()
    {
        var boiler = _rig.Series("boiler", unit: "Cel");
        _rig.Feed(Reading(boiler, 1, 21));
        _rig.Store.Dispose();
        _rig.ForgetCatalog();
        boiler = _rig.Series("boiler", unit: "K");
        _rig.Restart();
        _rig.Feed(Reading(boiler, 2, 294));
        Assert.Equal("2:294", _rig.Text(boiler));
        Assert.Equal(2, _rig.Store.Status.Series);
    }

    [Fact]
    public void Consume_AnotherJournal_TakesItsOffsetsAsNew()
    {
        var boiler = _rig.Series("boiler");
        _rig.CrashAndRestart(journal: "first");
        _rig.Feed(Reading(boiler, 1, 21));
        _rig.Feed(Reading(boiler, 2, 22));
        _rig.Store.Dispose();
        _rig.Journal.Clear();
        _rig.Cursor = 1;
        _rig.Restart(journal: "second");
        _rig.Feed(Reading(boiler, 3, 23));
        Assert.Equal("1:21 2:22 3:23", _rig.Text(boiler));
        _rig.CrashAndRestart(journal: "second");
        Assert.Equal("1:21 2:22 3:23", _rig.Text(boiler));
    }

    [Fact]
    public void Start_JournalBehind_GivesTheLargerCursor()
    {
        var boiler = _rig.Series("boiler");
        _rig.Feed(Reading(boiler, 1, 21));
        _rig.Feed(Reading(boiler, 2, 22));
        _rig.Store.Dispose();
        _rig.Cursor = 1;
        _rig.Restart();
        Assert.Equal(3, _rig.Store.Start(1));
        Assert.Equal(9, _rig.Store.Start(9));
    }

    [Fact]
    public void Consume_PointInNoChunk_HoldsTheCursorUntilFlush()
    {
        var (boiler, pump) = (_rig.Series("boiler"), _rig.Series("pump"));
        _rig.Feed(Reading(boiler, 1, 21));
        _rig.Feed(Reading(pump, 1, 21));
        Assert.Equal(1, _rig.Cursor);
        _rig.Clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        _rig.Feed();
        Assert.Equal((1, 0), (_rig.Cursor, _rig.Store.Status.Chunks));
        _rig.Clock.Advance(TimeSpan.FromTicks(1));
        _rig.Feed();
        Assert.Equal((5, 2), (_rig.Cursor, _rig.Store.Status.Chunks));
    }

    [Fact]
    public void Consume_FullChunkNotYetCheckpointed_HoldsTheCursor()
    {
        var boiler = _rig.Series("boiler");
        Fill(boiler, 0, 1100);
        _rig.Clock.Advance(TimeSpan.FromSeconds(11));
        _rig.Feed();
        Assert.Equal((1, 1), (_rig.Cursor, _rig.Store.Status.Chunks));
        _rig.Clock.Advance(TimeSpan.FromSeconds(19));
        _rig.Feed();
        Assert.Equal(14, _rig.Cursor);
    }

    [Fact]
    public void Consume_SlowSeries_RewritesOneChunkUntilItIsFull()
    {
        var boiler = _rig.Series("boiler");
        for (var i = 0; i < 40; i++)
        {
            _rig.Clock.Advance(TimeSpan.FromMinutes(6));
            _rig.Feed(Reading(boiler, i * 360, i));
            if (i % 7 == 0)
            {
                _rig.CrashAndRestart();
            }
        }

        Assert.Equal(1, _rig.Store.Status.Chunks);
        Assert.Equal(Enumerable.Range(0, 40).Select(i => (double)i), _rig.All(boiler).Select(point => point.Value));
    }

    [Fact]
    public void Consume_Stopping_WritesEverything()
    {
        var boiler = _rig.Series("boiler");
        _rig.Append(Reading(boiler, 1, 21));
        var cursor = _rig.Store.ConsumeAsync(_rig.Journal, new CancellationToken(canceled: true));
        Assert.True(cursor.IsCompletedSuccessfully);
        Assert.Equal(1, _rig.Store.Status.Points);
        Assert.Equal(2, _rig.Store.Status.Cursor);
    }

    [Fact]
    public void Consume_OneBatchOfManyPoints_PartsThemIntoChunks()
    {
        var boiler = _rig.Series("boiler");
        _rig.Feed([.. Enumerable.Range(0, 10_000).Select(i => Reading(boiler, i, i / 10.0))]);
        _rig.Clock.Advance(TimeSpan.FromSeconds(31));
        _rig.Feed();
        var status = _rig.Store.Status;
        Assert.Equal((9, 10_000, 0), (status.Chunks, status.Points, status.HeadPoints));
        Assert.Equal(10_000, _rig.All(boiler).Count);
        Assert.Equal(3, _rig.Store.Status.Cursor);
    }

    [Fact]
    public void Consume_AfterDispose_Throws()
    {
        _rig.Store.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _rig.Feed());
        _rig.Store.Dispose();
    }

    private void Fill(int series, int from, int count)
    {
        for (var i = from; i < from + count; i += 100)
        {
            _rig.Feed([.. Enumerable.Range(i, 100).Select(n => Reading(series, n, n))]);
        }
    }
}
