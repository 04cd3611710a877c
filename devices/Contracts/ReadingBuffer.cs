namespace IotEvents.Devices.Contracts;

/// <summary>What a decoder understood of one message: its readings, and what it had to leave out and why.</summary>
/// <remarks>
/// Reused message after message by the thread that owns it; it allocates only while it grows to the largest message seen.
/// Names are kept as UTF-8 in one arena, because a name becomes a string only the first time its series is seen.
/// </remarks>
public sealed class ReadingBuffer
{
    /// <summary>The most readings one message may give; what is beyond is counted as <see cref="RejectReason.TooMany"/>.</summary>
    public const int ReadingsMax = 1024;

    private readonly int[] _rejected = new int[RejectReasons.Count];
    private Entry[] _entries = new Entry[16];
    private byte[] _names = new byte[1024];
    private int _namesLength;

    /// <summary>How many readings there are.</summary>
    public int Count { get; private set; }

    /// <summary>How many values were left out, for any reason.</summary>
    public int RejectedCount { get; private set; }

    /// <summary>The reading at a place, in the order of the payload. Valid until the buffer changes.</summary>
    public DecodedReading this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            ref readonly var entry = ref _entries[index];
            return new DecodedReading
            {
                Device = _names.AsSpan(entry.NameStart, entry.DeviceLength),
                Metric = _names.AsSpan(entry.NameStart + entry.DeviceLength, entry.MetricLength),
                Time = entry.Time,
                Value = entry.Value,
                Unit = entry.Unit,
                Quality = entry.Quality,
            };
        }
    }

    /// <summary>Adds a reading; the names are copied.</summary>
    /// <returns>False when the message has too many readings; that is counted.</returns>
    public bool Add(in DecodedReading reading)
    {
        if (Count == ReadingsMax)
        {
            Reject(RejectReason.TooMany);
            return false;
        }

        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Count * 2);
        }

        _entries[Count++] = new Entry
        {
            NameStart = _namesLength,
            DeviceLength = reading.Device.Length,
            MetricLength = reading.Metric.Length,
            Time = reading.Time,
            Value = reading.Value,
            Unit = reading.Unit,
            Quality = reading.Quality,
        };
        Append(reading.Device);
        Append(reading.Metric);
        return true;
    }

    /// <summary>Adds a reading, or replaces the one of the same device and metric: of a member given twice the last stands.</summary>
    /// <param name="reading">The reading; its names are copied.</param>
    /// <param name="from">Only readings at this place or behind it are of the same record.</param>
    /// <returns>False when the message has too many readings. The replaced reading is counted as a duplicate.</returns>
    public bool Put(in DecodedReading reading, int from)
    {
        for (var i = from; i < Count; i++)
        {
            ref var entry = ref _entries[i];
            if (entry.MetricLength == reading.Metric.Length && entry.DeviceLength == reading.Device.Length &&
                _names.AsSpan(entry.NameStart + entry.DeviceLength, entry.MetricLength).SequenceEqual(reading.Metric) &&
                _names.AsSpan(entry.NameStart, entry.DeviceLength).SequenceEqual(reading.Device))
            {
                (entry.Time, entry.Value, entry.Unit, entry.Quality) = (reading.Time, reading.Value, reading.Unit, reading.Quality);
                Reject(RejectReason.Duplicate);
                return true;
            }
        }

        return Add(reading);
    }

    /// <summary>Gives a time to every reading at a place or behind it: a record may name its time after its values.</summary>
    public void Stamp(int from, Timestamp time)
    {
        for (var i = from; i < Count; i++)
        {
            _entries[i].Time = time;
        }
    }

    /// <summary>Counts a value that was left out; the rest of the message stands.</summary>
    public void Reject(RejectReason reason)
    {
        _rejected[(int)reason]++;
        RejectedCount++;
    }

    /// <summary>How many values were left out for one reason.</summary>
    public int Rejected(RejectReason reason) => _rejected[(int)reason];

    /// <summary>Empties the buffer for the next message and keeps its memory.</summary>
    public void Clear()
    {
        Count = 0;
        _namesLength = 0;
        if (RejectedCount > 0)
        {
            RejectedCount = 0;
            Array.Clear(_rejected);
        }
    }

    private void Append(ReadOnlySpan<byte> name)
    {
        if (_namesLength + name.Length > _names.Length)
        {
            Array.Resize(ref _names, Math.Max(_names.Length * 2, _namesLength + name.Length));
        }

        name.CopyTo(_names.AsSpan(_namesLength));
        _namesLength += name.Length;
    }

    private struct Entry
    {
        public int NameStart;
        public int DeviceLength;
        public int MetricLength;
        public Timestamp Time;
        public double Value;
        public Unit Unit;
        public Quality Quality;
    }
}

/// <summary>One value of one metric of one device, as a decoder gives it: names in UTF-8, unit as the payload says.</summary>
public readonly ref struct DecodedReading
{
    /// <summary>A reading without a time.</summary>
    public DecodedReading()
    {
    }

    /// <summary>The device's id in UTF-8, 1 to 256 bytes; may contain <c>/</c>.</summary>
    public required ReadOnlySpan<byte> Device { get; init; }

    /// <summary>The metric's name in UTF-8, 1 to 128 bytes, without <c>/</c>; members of members joined with a dot.</summary>
    public required ReadOnlySpan<byte> Metric { get; init; }

    /// <summary>The device's own time. Default <see cref="Timestamp.None"/>.</summary>
    public Timestamp Time { get; init; } = Timestamp.None;

    /// <summary>A finite number in <see cref="Unit"/>; a boolean is 0 or 1.</summary>
    public required double Value { get; init; }

    /// <summary>The unit the payload gives, or <see cref="Unit.None"/> when it gives none.</summary>
    public Unit Unit { get; init; }

    /// <summary>What the decoder already knows against the reading.</summary>
    public Quality Quality { get; init; }
}
