using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Journal.Codec;

/// <summary>Writes records in the format of <c>FORMAT.md</c>. Keeps its memory between records. One thread.</summary>
internal sealed class BatchEncoder
{
    private readonly BlobWriter _blob = new();
    private long[] _column = [];
    private long[] _other = [];
    private long[] _scratch = [];
    private double[] _values = [];

    /// <summary>Writes a record.</summary>
    /// <returns>Its bytes; valid until the next call.</returns>
    /// <exception cref="ArgumentException">There are more readings or events than a record holds, or a value is not finite.</exception>
    public ReadOnlySpan<byte> Encode(ReadOnlySpan<Reading> readings, IReadOnlyList<EventRecord> events)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(readings.Length, BatchCodec.ReadingsMax, nameof(readings));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(events.Count, BatchCodec.EventsMax, nameof(events));
        _blob.Clear();
        if (!readings.IsEmpty)
        {
            Reserve(readings.Length);
            WriteSeries(readings);
            WriteQualities(readings);
            WriteTimes(readings);
            WriteValues(readings);
        }

        EventCodec.Write(_blob, events);
        return _blob.Written;
    }

    private void Reserve(int count)
    {
        if (_column.Length < count)
        {
            var capacity = Math.Max(count, Math.Min(_column.Length * 2, BatchCodec.ReadingsMax));
            _column = new long[capacity];
            _other = new long[capacity];
            _scratch = new long[capacity];
            _values = new double[capacity];
        }
    }

    private void WriteSeries(ReadOnlySpan<Reading> readings)
    {
        for (var index = 0; index < readings.Length; index++)
        {
            _column[index] = readings[index].Series;
        }

        Write(_column, readings.Length);
    }

    private void WriteQualities(ReadOnlySpan<Reading> readings)
    {
        var from = 0;
        for (var index = 1; index <= readings.Length; index++)
        {
            if (index == readings.Length || readings[index].Quality != readings[from].Quality)
            {
                _blob.Varint((ulong)readings[from].Quality);
                _blob.Varint((ulong)(index - from));
                from = index;
            }
        }
    }

    private void WriteTimes(ReadOnlySpan<Reading> readings)
    {
        var count = readings.Length;
        for (var index = 0; index < count; index++)
        {
            _column[index] = readings[index].ReceivedAt.Nanoseconds;
            _other[index] = unchecked(readings[index].ReceivedAt.Nanoseconds - readings[index].Time.Nanoseconds);
        }

        Write(_column, count);
        for (var index = 0; index < count; index++)
        {
            _column[index] = readings[index].Time.Nanoseconds;
        }

        var asLag = Size(_other, count) <= Size(_column, count);
        _blob.Byte(asLag ? BatchDecoder.TimesAsLag : BatchDecoder.TimesThemselves);
        Write(asLag ? _other : _column, count);
    }

    private void WriteValues(ReadOnlySpan<Reading> readings)
    {
        for (var index = 0; index < readings.Length; index++)
        {
            if (!double.IsFinite(readings[index].Value))
            {
                throw new ArgumentException($"Reading {index} of series {readings[index].Series} is not a finite number.");
            }

            _values[index] = readings[index].Value;
        }

        var count = readings.Length;
        ValueColumn.Write(_blob, _values.AsSpan(0, count), _column.AsSpan(0, count), _scratch.AsSpan(0, count));
    }

    private long Size(long[] column, int count) => IntegerColumn.Size(column.AsSpan(0, count), _scratch.AsSpan(0, count));

    private void Write(long[] column, int count) =>
        IntegerColumn.Write(_blob, column.AsSpan(0, count), _scratch.AsSpan(0, count));
}
