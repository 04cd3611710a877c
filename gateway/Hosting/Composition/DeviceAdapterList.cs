using IotEvents.Devices.Contracts;
using IotEvents.Devices.Linux;
using IotEvents.Devices.Mqtt;
using IotEvents.Devices.Serial;
using IotEvents.Gateway.Hosting.Configuration;
using IotEvents.Gateway.Ingest.Mqtt;

namespace IotEvents.Gateway.Hosting.Composition;

/// <summary>Every kind of link, one line each.</summary>
internal static class DeviceAdapterList
{
    public static IReadOnlyList<IDeviceAdapter> Create(
        GatewaySettings settings, MqttBroker? broker, TimeProvider clock, ILoggerFactory loggers) =>
    [
        .. broker is null ? [] : new IDeviceAdapter[] { broker },
        .. settings.MqttClients.Select(client => new MqttClientAdapter(client, clock, new Random(Environment.ProcessId), loggers.CreateLogger<MqttClientAdapter>())),
        .. settings.Serial.Select(line => new SerialAdapter(line, clock, loggers.CreateLogger<SerialAdapter>())),
        .. settings.Linux.Host ? [new HostAdapter(settings.Linux, clock)] : Array.Empty<IDeviceAdapter>(),
    ];
}
