using System.Text;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using Xunit;

namespace IotEvents.Tests.TestKit;

/// <summary>Things tests need and do not care about.</summary>
internal static class Some
{
    /// <summary>2026-11-23T12:00:00Z.</summary>
    public static readonly Timestamp Noon = Timestamp.From(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    /// <summary>A directory that knows nothing but what is given.</summary>
    public static IDeviceDirectory Directory(params DeviceDescription[] described) => new ListedDevices(described);

    /// <summary>A series of a catalog, made when it is new.</summary>
    public static Series Series(SeriesCatalog catalog, string device = "kitchen", string metric = "temperature")
    {
        Assert.True(catalog.TryGetOrAdd(Encoding.UTF8.GetBytes(device), Encoding.UTF8.GetBytes(metric), out var series));
        return series;
    }

    private sealed class ListedDevices(DeviceDescription[] described) : IDeviceDirectory
    {
        public DeviceDescription Find(string device) =>
            described.FirstOrDefault(description => description.Id == device) ?? new DeviceDescription { Id = device, Name = device };
    }
}
