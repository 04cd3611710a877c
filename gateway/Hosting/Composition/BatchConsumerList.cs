using IotEvents.Gateway.Events;
using IotEvents.Gateway.History;
using IotEvents.Gateway.Hosting.Configuration;
using IotEvents.Gateway.Journal;
using IotEvents.Gateway.Sinks.InfluxDb;

namespace IotEvents.Gateway.Hosting.Composition;

/// <summary>Every reader of the journal, one line each.</summary>
internal static class BatchConsumerList
{
    public static List<IBatchConsumer> Create(
        GatewaySettings settings, IDeviceDirectory devices, SeriesStore store, SeriesCatalog catalog, TimeProvider clock, ILoggerFactory loggers) =>
    [
        new RestampingConsumer(store),
        .. settings.Influx.Select(influx => new RestampingConsumer(new InfluxSink(influx, catalog, devices, clock, Environment.ProcessId, loggers.CreateLogger<InfluxSink>()))),
    ];
}
