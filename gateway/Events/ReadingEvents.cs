using System.Buffers;
using System.Text.Json;

namespace IotEvents.Gateway.Events;

/// <summary>Makes the event of a reading, for those who subscribed to readings.</summary>
public static class ReadingEvents
{
    /// <summary>The event <c>iotevents.reading</c> of the reading at a place in a committed batch.</summary>
    /// <remarks>Its id is <c>OFFSET-INDEX</c>: the same whenever and wherever the event is made again.</remarks>
    public static EventRecord Create(CommittedBatch batch, int index, Series series)
    {
        var reading = batch.Readings.Span[index];
        var data = new ArrayBufferWriter<byte>(96);
        using (var json = new Utf8JsonWriter(data))
        {
            json.WriteStartObject();
            json.WriteNumber("value", reading.Value);
            json.WriteString("unit", series.Unit.Symbol);
            json.WriteString("quality", reading.Quality.ToString());
            json.WriteEndObject();
        }

        return new EventRecord
        {
            Id = $"{batch.Offset}-{index}",
            Type = EventTypes.Reading,
            Source = $"/devices/{series.Device}",
            Subject = series.Metric,
            Time = reading.Time,
            RecordedAt = batch.RecordedAt,
            Data = data.WrittenMemory,
        };
    }
}
