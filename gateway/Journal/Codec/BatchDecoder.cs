using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Journal.Codec;

/// <summary>Reads records in the format of <c>FORMAT.md</c>, and survives any bytes. Keeps its memory between records. One thread.</summary>
internal sealed class BatchDecoder
{
    internal const byte TimesThemselves = 0;
    internal const byte TimesAsLag = 1;

    private long[] _column = [];
    private long[] _other = [];
    private double[] _values = [];

    /// <summary>Reads a record.</summary>
    /// <param name="blob">Its bytes.</param>
    /// <param name="readingCount">How many readings the row says it holds.</param>
    /// <param name="eventCount">How many events the row says it holds.</param>
    /// <param name="readings">The readings; none when there is damage.</param>
    /// <param name="events">The events; none when there is damage.</param>
    /// <returns>What is wrong, or none.</returns>
    public JournalDamage Decode(
        ReadOnlySpan<byte> blob, long readingCount, long eventCount, out Reading[] readings, out EventRecord[] events)
    {
        readings = [];
        events = [];
        if (readingCount is < 0 or > BatchCodec.ReadingsMax || eventCount is < 0 or > BatchCodec.EventsMax)
        {
            return JournalDamage.Count;
        }

        var from = new BlobReader(blob);
        var read = readingCount == 0 ? [] : ReadReadings(ref from, (int)readingCount);
        var readEvents = from.IsSound ? EventCodec.Read(ref from, (int)eventCount) : [];
        if (from.IsSound && from.Left > 0)
        {
            from.Fail(JournalDamage.TooLong);
        }

        if (from.IsSound)
        {
            readings = read;
            events = readEvents;
        }

        return from.Damage;
    }

    private Reading[] ReadReadings(ref BlobReader from, int count)
    {
        Reserve(count);
        var column = _column.AsSpan(0, count);
        IntegerColumn.Read(ref from, column);
        if (!from.IsSound)
        {
            return [];
        }

        var readings = new Reading[count];
        TakeSeries(ref from, column, readings);
        TakeQualities(ref from, readings);
        TakeTimes(ref from, readings);
        TakeValues(ref from, readings);
        return readings;
    }

    private void Reserve(int count)
    {
        if (_column.Length < count)
        {
            _column = new long[count];
            _other = new long[count];
            _values = new double[count];
        }
    }

    private static void TakeSeries(ref BlobReader from, ReadOnlySpan<long> column, Span<Reading> readings)
    {
        for (var index = 0; index < readings.Length; index++)
        {
            if (column[index] is < 0 or > int.MaxValue)
            {
                from.Fail(JournalDamage.Field);
                return;
            }

            readings[index] = readings[index] with { Series = (int)column[index] };
        }
    }

    private static void TakeQualities(ref BlobReader from, Span<Reading> readings)
    {
        while (!readings.IsEmpty && from.IsSound)
        {
            var quality = from.Count(ushort.MaxValue);
            var length = from.Count(readings.Length);
            if (length == 0)
            {
                from.Fail(JournalDamage.Field);
                return;
            }

            foreach (ref var reading in readings[..length])
            {
                reading = reading with { Quality = (Quality)quality };
            }

            readings = readings[length..];
        }
    }

    private void TakeTimes(ref BlobReader from, Span<Reading> readings)
    {
        var received = _column.AsSpan(0, readings.Length);
        var times = _other.AsSpan(0, readings.Length);
        IntegerColumn.Read(ref from, received);
        var shape = from.Byte();
        if (shape > TimesAsLag)
        {
            from.Fail(JournalDamage.Field);
        }

        IntegerColumn.Read(ref from, times);
        for (var index = 0; index < readings.Length && from.IsSound; index++)
        {
            var time = shape == TimesAsLag ? unchecked(received[index] - times[index]) : times[index];
            readings[index] = readings[index] with
            {
                ReceivedAt = new Timestamp(received[index]),
                Time = new Timestamp(time),
            };
        }
    }

    private void TakeValues(ref BlobReader from, Span<Reading> readings)
    {
        var values = _values.AsSpan(0, readings.Length);
        ValueColumn.Read(ref from, values, _column.AsSpan(0, readings.Length));
        for (var index = 0; index < readings.Length && from.IsSound; index++)
        {
            if (!double.IsFinite(values[index]))
            {
                from.Fail(JournalDamage.Field);
                return;
            }

            readings[index] = readings[index] with { Value = values[index] };
        }
    }
}
