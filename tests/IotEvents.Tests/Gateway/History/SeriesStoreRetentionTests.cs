using IotEvents.Gateway.History;
using Xunit;
using static IotEvents.Tests.Gateway.History.SeriesStoreRig;

namespace IotEvents.Tests.Gateway.History;

public sealed class SeriesStoreRetentionTests
{
    [Fact]
    public void Consume_ChunkOlderThanRetention_DropsItAndKeepsTheLatest()
    {
        using var rig = new SeriesStoreRig(new SeriesStoreOptions { Retention = TimeSpan.FromHours(2) });
        var (boiler, pump) = (rig.Series("boiler"), rig.Series("pump"));
        rig.Feed(Reading(boiler, 0, 21), Reading(boiler, 1, 22));
        rig.Clock.Advance(TimeSpan.FromHours(1));
        rig.Feed(Reading(pump, 3600, 3));
        Assert.Equal(2, rig.Store.Status.Points);
        rig.Clock.Advance(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(1));
        rig.Feed();
        Assert.Equal("0:21 1:22", rig.Text(boiler));
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        rig.Feed();
        Assert.Equal(("", "3600:3"), (rig.Text(boiler), rig.Text(pump)));
        var status = rig.Store.Status;
        Assert.Equal((2, 0, 1, 1), (status.DroppedByAge, status.DroppedBySize, status.Chunks, status.Points));
        Assert.Equal(At(3600), status.Oldest);
        Assert.True(rig.Store.TryGetLatest(boiler, out var latest));
        Assert.Equal(22, latest.Value);

        rig.Feed(Reading(boiler, 7300, 24));
        rig.CrashAndRestart();
        Assert.Equal("7300:24", rig.Text(boiler));
    }

    [Fact]
    public void Consume_RetentionForever_DropsNothing()
    {
        using var rig = new SeriesStoreRig(new SeriesStoreOptions { Retention = TimeSpan.MaxValue });
        var boiler = rig.Series("boiler");
        rig.Feed(Reading(boiler, -6e8, 1), Reading(boiler, -2.5e9, 2));
        rig.Clock.Advance(TimeSpan.FromDays(400));
        rig.Feed();
        rig.Clock.Advance(TimeSpan.FromDays(400));
        rig.Feed();
        Assert.Equal(2, rig.All(boiler).Count);
        Assert.Equal(0, rig.Store.Status.DroppedByAge);
    }

    [Fact]
    public void Consume_BudgetExceeded_DropsTheOldestUntilItFits()
    {
        using var rig = new SeriesStoreRig(new SeriesStoreOptions { BudgetBytes = 1_000_000 });
        var random = new Random(4);
        var boiler = rig.Series("boiler");
        for (var batch = 0; batch < 300; batch++)
        {
            rig.Feed([.. Enumerable.Range(batch * 1024, 1024).Select(i => Reading(boiler, i, random.NextDouble()))]);
        }

        Assert.InRange(rig.Store.Status.BytesOnDisk, 1_500_000, 10_000_000);
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        for (var i = 0; i < 20; i++)
        {
            rig.Feed();
        }

        var status = rig.Store.Status;
        Assert.InRange(status.BytesOnDisk, 400_000, 1_000_000);
        Assert.Equal(300 * 1024, status.DroppedBySize + status.Points);
        var points = rig.All(boiler);
        Assert.Equal((status.Points, At((300 * 1024) - 1)), (points.Count, points[^1].Time));
    }
}
