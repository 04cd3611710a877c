using System.Text;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.EndToEnd.Sinks;

/// <summary>Batches of a few devices with two metrics, one reading per device, metric and second, and one alert.</summary>
internal sealed class Fleet(Timestamp start) : IDeviceDirectory
{
    private static readonly string[] Devices = ["hall/1", "hall 2", "a=b,c", "tank"];

    private readonly Dictionary<string, DeviceDescription> _described = Devices.ToDictionary(
        device => device,
        device => new DeviceDescription { Id = device, Name = device, Labels = new Dictionary<string, string> { ["site"] = "x y" } });

    public SeriesCatalog Catalog { get; } = new();

    public DeviceDescription Find(string device) => _described[device];

    /// <summary>One committed batch: a second of the fleet. 8 readings.</summary>
    public CommittedBatch Second(long offset)
    {
        var at = start + TimeSpan.FromSeconds(offset);
        var readings = Devices.SelectMany(device => new[] { "temperature", "level" }.Select(metric =>
            new Reading(Series(device, metric), Quality.Good, at, at, offset + (metric.Length / 100.0)))).ToArray();
        return new CommittedBatch(offset, at, readings, offset % 100 == 50 ? [Raised(offset, at)] : []);
    }

    private static EventRecord Raised(long offset, Timestamp at) => new()
    {
        Id = $"{offset}",
        Type = EventTypes.ThresholdRaised,
        Source = "/devices/tank",
        Subject = "full",
        Time = at,
        RecordedAt = at,
        Data = Encoding.UTF8.GetBytes(
            """{"alert":"1","rule":"full","device":"tank","metric":"level","value":81.5,"severity":"warning","summary":"tank is \"full\""}"""),
    };

    private int Series(string device, string metric)
    {
        if (!Catalog.TryGetOrAdd(Encoding.UTF8.GetBytes(device), Encoding.UTF8.GetBytes(metric), out var series))
        {
            throw new InvalidOperationException("The catalog is full.");
        }

        return series.Id;
    }
}
