using System.Text.Json;

namespace IotEvents.Simulator.Load;

/// <summary>What a load came to.</summary>
/// <param name="Sent">Messages, each counted once.</param>
/// <param name="Acknowledged">Messages acknowledged; with QoS 0 written.</param>
/// <param name="Resent">Messages sent again after a lost connection, each time counted.</param>
/// <param name="Reconnects">How often a lost connection came back.</param>
/// <param name="Elapsed">From the first message to the last acknowledgement.</param>
/// <param name="Latency">From the first time a message was sent to its acknowledgement.</param>
/// <param name="Failure">Why it ended early; null when it did not.</param>
public sealed record LoadReport(
    long Sent, long Acknowledged, long Resent, long Reconnects, TimeSpan Elapsed, LatencyHistogram Latency, string? Failure)
{
    /// <summary>Messages nobody acknowledged.</summary>
    public long Lost => Sent - Acknowledged;

    /// <summary>Acknowledged messages in a second.</summary>
    public double Rate => Elapsed > TimeSpan.Zero ? Acknowledged / Elapsed.TotalSeconds : 0;

    /// <summary>The percentiles that are shown, with their names.</summary>
    public IEnumerable<(string Name, TimeSpan Value)> Percentiles =>
        [("p50", Latency.Quantile(0.5)), ("p90", Latency.Quantile(0.9)), ("p99", Latency.Quantile(0.99)),
            ("p99.9", Latency.Quantile(0.999)), ("max", Latency.Max)];

    /// <summary>As one JSON object; lengths of time in milliseconds.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("sent", Sent);
        json.WriteNumber("acknowledged", Acknowledged);
        json.WriteNumber("lost", Lost);
        json.WriteNumber("resent", Resent);
        json.WriteNumber("reconnects", Reconnects);
        json.WriteNumber("seconds", Math.Round(Elapsed.TotalSeconds, 3));
        json.WriteNumber("rate", Math.Round(Rate, 1));
        json.WriteStartObject("latency_ms");
        foreach (var (name, value) in Percentiles)
        {
            json.WriteNumber(name, value.TotalMilliseconds);
        }

        json.WriteEndObject();
        if (Failure is not null)
        {
            json.WriteString("failure", Failure);
        }

        json.WriteEndObject();
        json.Flush();
    }
}
