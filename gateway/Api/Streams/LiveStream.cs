using System.Text.Json;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Api.Streams;

/// <summary>Follows the latest values for one screen (<c>GET /api/live</c>): once a second, only what changed, only the newest of it.</summary>
/// <remarks>However much comes in, a screen gets no more than it can show; history is what <c>/api/readings</c> is for.</remarks>
internal sealed class LiveStream(IGatewayView view, LiveFeed feed, GatewayReport report, SseWriter output)
{
    private static readonly TimeSpan Frame = TimeSpan.FromSeconds(1);
    private const int FramesPerStatus = 2;

    private readonly List<CommittedBatch> _batches = [];
    private readonly Dictionary<int, Reading> _changed = [];
    private bool _alertsChanged;
    private long _offset;

    /// <summary>Sends frames until the client goes or the gateway stops.</summary>
    public async Task RunAsync(TimeProvider clock, CancellationToken stop)
    {
        _offset = view.NextOffset;
        await output.OpenAsync(stop);
        for (var frame = 0; !stop.IsCancellationRequested; frame++)
        {
            var known = view.Catalog.Count;
            if (frame % FramesPerStatus == 0)
            {
                output.Event("status", null, json => JsonSerializer.Serialize(json, report.Status(), ApiJson.Default.StatusView));
            }

            await output.SendAsync(stop);
            await Task.Delay(Frame, clock, stop);
            Collect();
            WriteFrame(view.Catalog.Count != known);
        }
    }

    private void Collect()
    {
        _batches.Clear();
        _changed.Clear();
        _alertsChanged = false;
        if (!feed.TryRead(_offset, _batches, out _))
        {
            return;
        }

        foreach (var batch in _batches)
        {
            foreach (ref readonly var reading in batch.Readings.Span)
            {
                _changed[reading.Series] = reading;
            }

            _alertsChanged |= batch.Events.Any(ConcernsAlerts);
            _offset = batch.Offset + 1;
        }
    }

    private void WriteFrame(bool grown)
    {
        if (_changed.Count > 0)
        {
            output.Event("values", null, WriteValues);
        }

        if (_alertsChanged)
        {
            output.Event("alerts", null, WriteEmpty);
        }

        if (grown)
        {
            output.Event("devices", null, WriteEmpty);
        }
    }

    /// <summary>A list of <c>[series, value, time, received, quality]</c>.</summary>
    private void WriteValues(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var reading in _changed.Values)
        {
            json.WriteStartArray();
            json.WriteStringValue(view.Catalog[reading.Series].Name);
            json.WriteNumberValue(reading.Value);
            json.WriteNumberValue(reading.Time.UnixMilliseconds);
            json.WriteNumberValue(reading.ReceivedAt.UnixMilliseconds);
            json.WriteStartArray();
            foreach (var name in QualityNames.Of(reading.Quality))
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void WriteEmpty(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteEndObject();
    }

    private static bool ConcernsAlerts(EventRecord record) =>
        record.Type.StartsWith("iotevents.threshold.", StringComparison.Ordinal) ||
        record.Type.StartsWith("iotevents.alert.", StringComparison.Ordinal);
}
