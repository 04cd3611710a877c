using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Normalize;
using IotEvents.Tests.TestKit;
using Xunit;

namespace IotEvents.Tests.Gateway.Normalize;

public class DeviceRegistryTests
{
    private readonly SeriesCatalog _catalog = new();
    private readonly Silences _silence;
    private readonly DeviceRegistry _registry;
    private readonly List<DeviceChange> _changes = [];

    public DeviceRegistryTests()
    {
        _silence = new Silences(_catalog);
        _registry = new DeviceRegistry(new NormalizeOptions(), _silence);
    }

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

    [Fact]
    public void Tick_SilenceLearned_GoesByTheSlowestOfItsSeries()
    {
        _silence.Known = series => TimeSpan.FromSeconds(series.Length * 10);
        Hear(Some.Noon, "abcdef");
        Hear(Some.Noon + TimeSpan.FromSeconds(50), "a");
        _changes.Clear();

        _registry.Tick(Some.Noon + TimeSpan.FromSeconds(60), _changes);
        Assert.Empty(_changes);
        _registry.Tick(Some.Noon + TimeSpan.FromSeconds(61), _changes);

        Assert.Equal(EventTypes.DeviceOffline, Assert.Single(_changes).Type);
        Assert.Equal(TimeSpan.FromSeconds(60), _registry.Find("kitchen")!.Silence);
    }

    [Fact]
    public void ClockStepped_WhileADeviceIsSilent_IsNoSilence()
    {
        _silence.Known = _ => TimeSpan.FromMinutes(1);
        Hear(Some.Noon);
        _changes.Clear();

        _registry.ClockStepped(new ClockStep(Some.Noon, Some.Noon + TimeSpan.FromHours(2), true, true));
        _registry.Tick(Some.Noon + TimeSpan.FromHours(2) + TimeSpan.FromSeconds(60), _changes);
        Assert.Empty(_changes);
        _registry.Tick(Some.Noon + TimeSpan.FromHours(2) + TimeSpan.FromSeconds(61), _changes);
        Assert.Single(_changes);
    }

    [Fact]
    public void Missed_WhileADeviceIsSilent_IsNoSilence()
    {
        _silence.Known = _ => TimeSpan.FromMinutes(1);
        Hear(Some.Noon);
        _changes.Clear();

        _registry.Missed(new Outage(Some.Noon + TimeSpan.FromSeconds(20), Some.Noon + TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(30)));
        _registry.Tick(Some.Noon + TimeSpan.FromSeconds(630 + 40), _changes);
        Assert.Empty(_changes);
        _registry.Tick(Some.Noon + TimeSpan.FromSeconds(630 + 41), _changes);
        Assert.Equal(EventTypes.DeviceOffline, Assert.Single(_changes).Type);
        Assert.Equal(Some.Noon, _registry.Find("kitchen")!.LastSeen);
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
        var restored = new DeviceRegistry(new NormalizeOptions(), _silence);
        var later = Some.Noon + TimeSpan.FromDays(3);

        restored.Restore([new("kitchen"u8.ToArray(), DeviceRegistry.Encode(_registry.Find("kitchen")!))], later);
        restored.Tick(later + TimeSpan.FromSeconds(2), _changes);

        var device = restored.Find("kitchen")!;
        Assert.True(device.IsOnline);
        Assert.Equal(Some.Noon, device.FirstSeen);
        Assert.DoesNotContain(_changes, change => change.Type == EventTypes.DeviceOffline);
    }

    [Theory]
    [InlineData(1, 180)]
    [InlineData(0, 10)]
    public void Restore_DeviceThatStaysSilent_IsOfflineAfterTheSilenceItHad(byte version, int minutes)
    {
        _silence.Known = _ => TimeSpan.FromHours(3);
        Hear(Some.Noon);
        _registry.Tick(Some.Noon + TimeSpan.FromHours(4), _changes);
        Hear(Some.Noon + TimeSpan.FromHours(5));
        var row = DeviceRegistry.Encode(_registry.Find("kitchen")!);
        row[^1] = version;
        var later = Some.Noon + TimeSpan.FromDays(3);
        var restored = new DeviceRegistry(new NormalizeOptions(), _silence);
        restored.Restore([new("kitchen"u8.ToArray(), row)], later);
        _changes.Clear();

        restored.Tick(later + TimeSpan.FromMinutes(minutes), _changes);
        Assert.Empty(_changes);
        restored.Tick(later + TimeSpan.FromMinutes(minutes) + TimeSpan.FromSeconds(2), _changes);
        Assert.Single(_changes);
    }

    private void Hear(Timestamp at, string metric = "temperature", Quality quality = Quality.Good)
    {
        var series = Some.Series(_catalog, metric: metric);
        _registry.Heard(series, new Reading(series.Id, quality, at, at, 20), _changes);
    }

    /// <summary>What is known of the silence of each metric; the setting where nothing is.</summary>
    private sealed class Silences(SeriesCatalog catalog) : ISilence
    {
        public Func<string, TimeSpan?> Known { get; set; } = static _ => null;

        public (TimeSpan Allowed, bool IsLearned) Of(int series) => Known(catalog[series].Metric) is { } known
            ? (known, true) : (new NormalizeOptions().OfflineAfter, false);
    }
}
