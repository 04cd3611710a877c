namespace IotEvents.Gateway.Sinks.InfluxDb;

/// <summary>How a copy to InfluxDB goes, since the start.</summary>
/// <param name="Written">Lines that InfluxDB said it has; a line sent twice counts twice.</param>
/// <param name="Quarantined">Lines that InfluxDB will never take, left out.</param>
/// <param name="FailedAttempts">Requests that met an outage.</param>
/// <param name="Problem">What the outage is that lasts; empty when there is none.</param>
public sealed record InfluxSinkStatus(long Written, long Quarantined, long FailedAttempts, string Problem);
