using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Tests.TestKit;
using Xunit;

namespace IotEvents.Tests.Gateway.Events;

public class SeriesCatalogTests
{
    [Fact]
    public void TryGetOrAdd_SameName_IsTheSameSeries()
    {
        var catalog = new SeriesCatalog();

        var first = Some.Series(catalog, "site/kitchen", "t");

        Assert.Same(first, Some.Series(catalog, "site/kitchen", "t"));
        Assert.Equal("site/kitchen/t", first.Name);
        Assert.True(catalog.TryGet("site/kitchen/t", out var found));
        Assert.Same(first, found);
    }

    [Fact]
    public void TryGetOrAdd_LimitReached_RefusesNewAndFindsOld()
    {
        var catalog = new SeriesCatalog(seriesMax: 2);
        Some.Series(catalog, "a", "t");
        Some.Series(catalog, "b", "t");

        Assert.False(catalog.TryGetOrAdd("c"u8, "t"u8, out _));
        Assert.Equal(0, Some.Series(catalog, "a", "t").Id);
        Assert.Equal(2, catalog.Count);
    }

    [Theory]
    [InlineData(511 - 1, true)]
    [InlineData(512 - 1, false)]
    public void TryGetOrAdd_NameOf512Bytes_IsTheLongest(int deviceBytes, bool expected) =>
        Assert.Equal(expected, new SeriesCatalog().TryGetOrAdd(new byte[deviceBytes].Select(_ => (byte)'d').ToArray(), "t"u8, out _));

    [Fact]
    public void TryGetOrAdd_KnownSeries_AllocatesNothing()
    {
        var catalog = new SeriesCatalog();
        Some.Series(catalog);
        catalog.TryGetOrAdd("kitchen"u8, "temperature"u8, out _);
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                catalog.TryGetOrAdd("kitchen"u8, "temperature"u8, out _);
            }
        }));
    }

    [Fact]
    public void TryGetOrAdd_ManyThreadsAtOnce_GiveEachNameOneNumber()
    {
        var catalog = new SeriesCatalog();

        Parallel.For(0, 10_000, i => Some.Series(catalog, $"d{i % 500}", "t"));

        Assert.Equal(500, catalog.Count);
        Assert.Equal(Enumerable.Range(0, 500), catalog.All.Select(series => series.Id));
        Assert.Equal(500, catalog.All.Select(series => series.Name).Distinct().Count());
    }

    [Fact]
    public void Restore_WrongNumber_IsAnErrorOfTheCode()
    {
        var catalog = new SeriesCatalog();
        catalog.Restore(0, "a", "t", Unit.None);

        Assert.Throws<InvalidOperationException>(() => catalog.Restore(2, "b", "t", Unit.None));
        Assert.Throws<InvalidOperationException>(() => catalog.Restore(1, "a", "t", Unit.None));
    }
}
