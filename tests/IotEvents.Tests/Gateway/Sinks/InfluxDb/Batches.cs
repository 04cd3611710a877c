using System.Text;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using Xunit;

namespace IotEvents.Tests.Gateway.Sinks.InfluxDb;

/// <summary>Committed batches of readings, as a consumer gets them.</summary>
internal sealed class Batches : IDeviceDirectory
{
    public static readonly Timestamp Start = Timestamp.FromUnixMilliseconds(1_800_000_000_000);

    private readonly Dictionary<string, DeviceDescription> _devices = [];

    public SeriesCatalog Catalog { get; } = new();

    public DeviceDescription Find(string device)
    {
        if (!_devices.TryGetValue(device, out var description))
        {
            _devices.Add(device, description = new DeviceDescription { Id = device, Name = device });
        }

        return description;
    }

    public void Describe(string device, params (string Key, string Value)[] labels) => _devices[device] = new DeviceDescription
    {
        Id = device,
        Name = device,
        Labels = labels.ToDictionary(label => label.Key, label => label.Value),
    };

    public int Series(string device, string metric)
    {
        Assert.True(Catalog.TryGetOrAdd(Encoding.UTF8.GetBytes(device), Encoding.UTF8.GetBytes(metric), out var series));
        return series.Id;
    }

    /// <summary>A batch with so many readings of one series, one per millisecond from a place on.</summary>
    public CommittedBatch Of(long offset, int count, string device = "d", string metric = "m", long first = 0) => new(
        offset, Start,
        Enumerable.Range(0, count).Select(i => new Reading(
            Series(device, metric), Quality.Good, Start + TimeSpan.FromMilliseconds(first + i), Start, first + i)).ToArray(),
        []);

    public static EventRecord Raised(string data, string type = EventTypes.ThresholdRaised) => new()
    {
        Id = "1",
        Type = type,
        Source = "/devices/d",
        Time = Start,
        RecordedAt = Start,
        Data = Encoding.UTF8.GetBytes(data),
    };
}
