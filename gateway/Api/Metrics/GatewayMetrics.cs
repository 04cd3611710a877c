using System.Diagnostics.Metrics;
using IotEvents.Gateway.Api.Streams;

namespace IotEvents.Gateway.Api.Metrics;

/// <summary>What <c>/api/status</c> says, as metrics; every reason and every severity is there from the start, with 0.</summary>
public sealed class GatewayMetrics : IDisposable
{
    private readonly Meter _meter;

    /// <summary>Begins to answer.</summary>
    /// <param name="report">Where the numbers come from.</param>
    /// <param name="gate">Counts the streams.</param>
    /// <param name="scope">See <see cref="PrometheusText"/>.</param>
    public GatewayMetrics(GatewayReport report, StreamGate gate, object scope)
    {
        _meter = new Meter("IotEvents.Api", null, null, scope);
        _meter.CreateObservableGauge("iotevents_build_info", () => new Measurement<int>(1, Tag("version", report.Status().Version)),
            null, "Always 1; the label says which version runs.");
        _meter.CreateObservableGauge("iotevents_uptime", () => report.Status().UptimeSeconds, "s", "Time since the start.");
        _meter.CreateObservableGauge("iotevents_ready", () => report.Status().Troubles.Count == 0 ? 1 : 0,
            null, "1 when data flows and can be stored, otherwise 0.");
        AddCounts(report);
        AddStores(report);
        _meter.CreateObservableGauge("iotevents_streams_open", () => gate.Open, null, "Event streams that are open.");
        _meter.CreateObservableCounter("iotevents_streams_cut", () => gate.Cut, null, "Event streams cut because their client did not read.");
        _meter.CreateObservableCounter("iotevents_streams_refused", () => gate.Refused, null, "Event streams refused because of their limit.");
    }

    /// <summary>Stops answering.</summary>
    public void Dispose() => _meter.Dispose();

    private void AddCounts(GatewayReport report)
    {
        _meter.CreateObservableCounter("iotevents_refused", () => report.Status().Refused
            .Select(pair => new Measurement<long>(pair.Value, Tag("reason", pair.Key))), null, "Messages and values not stored, by reason.");
        _meter.CreateObservableCounter("iotevents_adapter_messages", () => report.Status().Adapters
            .Select(adapter => new Measurement<long>(adapter.Messages, Tag("adapter", adapter.Name))), null, "Messages, by adapter.");
        _meter.CreateObservableGauge("iotevents_devices", () =>
        {
            var devices = report.Status().Devices;
            return new[]
            {
                new Measurement<int>(devices.Ok, Tag("state", "ok")), new Measurement<int>(devices.Silent, Tag("state", "silent")),
                new Measurement<int>(devices.New, Tag("state", "new")),
            };
        }, null, "Devices, by state.");
        _meter.CreateObservableGauge("iotevents_alerts_active", () =>
        {
            var alerts = report.Status().Alerts;
            return new[]
            {
                new Measurement<int>(alerts.Critical, Tag("severity", "critical")),
                new Measurement<int>(alerts.Warning, Tag("severity", "warning")), new Measurement<int>(alerts.Info, Tag("severity", "info")),
            };
        }, null, "Active alerts, by severity.");
    }

    private void AddStores(GatewayReport report)
    {
        _meter.CreateObservableGauge("iotevents_journal", () => report.Status().Journal.Bytes, "By", "Size of the journal on disk.");
        _meter.CreateObservableGauge("iotevents_journal_budget", () => report.Status().Journal.BudgetBytes, "By", "How large the journal may become.");
        _meter.CreateObservableCounter("iotevents_commits", () => report.Status().Journal.NextOffset - 1, null, "Commits of the journal since it was made.");
        _meter.CreateObservableGauge("iotevents_store", () => report.Status().Store.Bytes, "By", "Size of the series store on disk.");
        _meter.CreateObservableGauge("iotevents_store_points", () => report.Status().Store.Points, null, "Points in the series store.");
        _meter.CreateObservableGauge("iotevents_store_series", () => report.Status().Store.Series, null, "Series in the series store.");
        _meter.CreateObservableGauge("iotevents_consumer_lag_batches", () => report.Status().Consumers
            .Select(consumer => new Measurement<long>(consumer.Lag, Tag("consumer", consumer.Name))), null, "Committed batches a consumer has not seen.");
    }

    private static KeyValuePair<string, object?> Tag(string key, string value) => new(key, value);
}
