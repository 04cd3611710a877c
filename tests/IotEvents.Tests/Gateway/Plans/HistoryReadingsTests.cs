using IotEvents.Devices.Contracts;
using IotEvents.Gateway.History;
using IotEvents.Gateway.Plans;
using IotEvents.Tests.Gateway.History;
using Xunit;

namespace IotEvents.Tests.Gateway.Plans;

public sealed class HistoryReadingsTests
{
    [Fact]
    public void Read_BesideAnOpenStore_GivesEveryStoredPointInOrderOfTime()
    {
        using var rig = new SeriesStoreRig(new SeriesStoreOptions { Flush = TimeSpan.FromSeconds(1) });
        var series = Enumerable.Range(0, 3).Select(i => rig.Series($"d{i}")).ToArray();
        var random = new Random(5);

        // More points than a page has, and more of one time than a page has.
        for (var i = 0; i < 6; i++)
        {
            rig.Feed([.. Enumerable.Range(0, 3000).Select(k => SeriesStoreRig.Reading(
                series[random.Next(3)], i == 3 ? 10_000 : (i * 3000) + k, (i * 3000) + k))]);
            rig.Clock.Advance(TimeSpan.FromMinutes(10));
        }

        rig.Feed(SeriesStoreRig.Reading(series[0], 30_000, 1));
        using var archive = SeriesArchive.Open(rig.Path);
        var all = archive.Catalog.All.Select(it => it.Id).ToArray();
        var readings = new HistoryReadings(archive.Read, all, Timestamp.None, new Timestamp(long.MaxValue)).Read().ToList();
        var written = readings.Count;
        Assert.True(written >= 18_000, $"{written} points");
        Assert.True(readings.SequenceEqual(readings.OrderBy(it => it.Time.Nanoseconds).ThenBy(it => it.Series)));
        foreach (var one in archive.Catalog.All)
        {
            Assert.True(rig.Catalog.TryGet(one.Name, out var same));
            Assert.Equal(one.Unit, same.Unit);
            Assert.Equal(
                rig.All(same.Id).Where(it => it.Time <= archive.Latest(one.Id)).Select(it => (it.Time, it.Value)),
                readings.Where(it => it.Series == one.Id).Select(it => (it.Time, it.Value)));
        }
    }

    [Fact]
    public void Read_Range_HasItsFirstInstantAndNotItsEnd()
    {
        using var rig = new SeriesStoreRig();
        var series = rig.Series("d");
        rig.Feed([.. Enumerable.Range(0, 10).Select(k => SeriesStoreRig.Reading(series, k, k))]);
        rig.Store.Dispose();
        using var archive = SeriesArchive.Open(rig.Path);
        Assert.Equal(SeriesStoreRig.At(9), archive.Latest(0));
        Assert.Equal(
            [3.0, 4.0, 5.0, 6.0],
            new HistoryReadings(archive.Read, [0], SeriesStoreRig.At(3), SeriesStoreRig.At(7)).Read().Select(it => it.Value));
    }

    [Fact]
    public void Open_WhatIsNoHistory_SaysSo()
    {
        var folder = Directory.CreateTempSubdirectory("iotevents-archive-");
        try
        {
            var path = Path.Combine(folder.FullName, "series.db");
            Assert.Throws<FileNotFoundException>(() => SeriesArchive.Open(path));
            File.WriteAllText(path, "this is no database, and long enough to be read as the beginning of one, as it were........");
            Assert.Contains(path, Assert.Throws<InvalidDataException>(() => SeriesArchive.Open(path)).Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
