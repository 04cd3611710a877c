using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Normalize;
using IotEvents.Tests.TestKit;
using Xunit;

namespace IotEvents.Tests.Gateway.Normalize;

public class DeviceRegistryTests
{
    private readonly SeriesCatalog _catalog = new();
    private readonly DeviceRegistry _registry = new(new NormalizeOptions());
    private readonly List<DeviceChange> _changes = [];

    [Fact]
    public void Heard_NewDevice_IsDiscoveredOnce()
    {
        Hear(Some.Noon);
        Hear(Some.Noon + TimeSpan.FromSeconds(1), "humidity");

        Assert.Equal(EventTypes.DeviceDiscovered, Assert.Single(_changes).Type);
        Assert.True(_registry.Find("kitchen")!.IsOnline);
    }

    [Fact]
    public void Tick_CadenceNotLearned_WaitsForTheSetting()
    {
        Hear(Some.Noon);
        _changes.Clear();

        _registry.Tick(Some.Noon + TimeSpan.FromMinutes(10), _changes);
        Assert.Empty(_changes);
        _registry.Tick(Some.Noon + TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(2), _changes);

        Assert.Equal(EventTypes.DeviceOffline, Assert.Single(_changes).Type);
    }

    [Theory]
    [InlineData(5, 30)] // four pauses are less than the shortest silence
    [InlineData(60, 240)]
    [InlineData(3600, 4 * 3600)]
    public void Tick_CadenceLearned_AllowsFourPausesOfSilence(int cadenceSeconds, int allowedSeconds)
    {
        var at = Some.Noon;
        for (var i = 0; i < 10; i++, at += TimeSpan.FromSeconds(cadenceSeconds))
        {
            Hear(at);
        }

        var last = at - TimeSpan.FromSeconds(cadenceSeconds);
        _changes.Clear();
        _registry.Tick(last + TimeSpan.FromSeconds(allowedSeconds - 1), _changes);
        Assert.Empty(_changes);
        _registry.Tick(last + TimeSpan.FromSeconds(allowedSeconds + 1), _changes);

        Assert.Equal(EventTypes.DeviceOffline, Assert.Single(_changes).Type);
    }

    [Fact]
    public void Heard_AfterOffline_IsOnlineAgain()
    {
        Hear(Some.Noon);
        _registry.Tick(Some.Noon + TimeSpan.FromHours(1), _changes);
        _changes.Clear();

        Hear(Some.Noon + TimeSpan.FromHours(2));

        Assert.Equal(EventTypes.DeviceOnline, Assert.Single(_changes).Type);
    }

    [Fact]
    public void Heard_RetainedValue_IsNoSignOfLife()
    {
        Hear(Some.Noon);
        _registry.Tick(Some.Noon + TimeSpan.FromHours(1), _changes);
        _changes.Clear();

        Hear(Some.Noon + TimeSpan.FromHours(2), quality: Quality.Retained);

        Assert.Empty(_changes);
        Assert.False(_registry.Find("kitchen")!.IsOnline);
    }

    [Fact]
    public void Restore_EncodedDevice_KeepsWhatItWasAndGivesItTimeToSpeak()
    {
        Hear(Some.Noon);
        var restored = new DeviceRegistry(new NormalizeOptions());
        var later = Some.Noon + TimeSpan.FromDays(3);

        restored.Restore([new("kitchen"u8.ToArray(), DeviceRegistry.Encode(_registry.Find("kitchen")!))], later);
        restored.Tick(later + TimeSpan.FromSeconds(2), _changes);

        var device = restored.Find("kitchen")!;
        Assert.True(device.IsOnline);
        Assert.Equal(Some.Noon, device.FirstSeen);
        Assert.DoesNotContain(_changes, change => change.Type == EventTypes.DeviceOffline);
    }

    private void Hear(Timestamp at, string metric = "temperature", Quality quality = Quality.Good)
    {
        var series = Some.Series(_catalog, metric: metric);
        _registry.Heard(series, new Reading(series.Id, quality, at, at, 20), _changes);
    }
}
