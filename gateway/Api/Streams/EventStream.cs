using IotEvents.Gateway.Api.CloudEvents;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Api.Streams;

/// <summary>Follows the journal for one client of <c>GET /api/events</c>: every event once, in order, from a place on.</summary>
internal sealed class EventStream(IGatewayView view, LiveFeed feed, StreamFilter filter, SseWriter output)
{
    private const int BatchesPerLook = 64;

    private readonly List<CommittedBatch> _batches = [];
    private StreamPosition _position;

    /// <summary>Sends events until the client goes or the gateway stops.</summary>
    /// <param name="from">The first event wanted; null for the next one that happens.</param>
    /// <param name="heartbeat">How long the stream may be quiet.</param>
    /// <param name="clock">The clock of the heartbeat.</param>
    /// <param name="stop">The client is gone, or the gateway stops.</param>
    public async Task RunAsync(StreamPosition? from, TimeSpan heartbeat, TimeProvider clock, CancellationToken stop)
    {
        var end = view.NextOffset;
        // A place beyond the end is from another journal: there is nothing to go on from.
        _position = from is { } place && place.Offset <= end ? place : new StreamPosition(end, 0);
        await output.OpenAsync(stop);
        while (!stop.IsCancellationRequested)
        {
            var next = Look();
            if (_batches.Count > 0)
            {
                await SendBatchesAsync(stop);
            }
            else if (await Task.WhenAny(next, Task.Delay(heartbeat, clock, stop)) != next)
            {
                await output.CommentAsync("alive", stop);
            }
        }
    }

    private Task Look()
    {
        _batches.Clear();
        if (!feed.TryRead(_position.Offset, _batches, out var next) && _position.Offset < view.NextOffset)
        {
            view.ReadJournal(_position.Offset, BatchesPerLook, _batches);
        }

        return next;
    }

    private async Task SendBatchesAsync(CancellationToken stop)
    {
        foreach (var batch in _batches)
        {
            if (batch.Offset > _position.Offset)
            {
                SayGap(batch.Offset);
            }

            await SendBatchAsync(batch, stop);
            _position = new StreamPosition(batch.Offset + 1, 0);
        }

        await output.SendAsync(stop);
    }

    private async Task SendBatchAsync(CommittedBatch batch, CancellationToken stop)
    {
        var readings = batch.Readings.Length;
        for (var index = _position.Index; index < readings + batch.Events.Count; index++)
        {
            if (Find(batch, index, readings) is { } record)
            {
                var id = new StreamPosition(batch.Offset, index).ToString();
                output.Event(record.Type, id, json => CloudEventWriter.Write(json, record));
                if (output.IsFull)
                {
                    await output.SendAsync(stop);
                }
            }
        }
    }

    /// <summary>The event at a place; null when it is not wanted.</summary>
    private EventRecord? Find(CommittedBatch batch, int index, int readings)
    {
        if (index >= readings)
        {
            var record = batch.Events[index - readings];
            return filter.Wants(record) ? record : null;
        }

        if (!filter.WantsReadings)
        {
            return null;
        }

        var series = view.Catalog[batch.Readings.Span[index].Series];
        return filter.WantsDevice(series.Device) ? ReadingEvents.Create(batch, index, series) : null;
    }

    /// <summary>The journal was truncated behind the client: it is told what it missed instead of being left to guess.</summary>
    private void SayGap(long next)
    {
        var (from, to) = (_position.Offset, next);
        output.Event("gap", null, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("from", from);
            json.WriteNumber("to", to);
            json.WriteEndObject();
        });
        _position = new StreamPosition(next, 0);
    }
}
