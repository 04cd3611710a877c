namespace IotEvents.Gateway.Events;

/// <summary>A growing list of readings that gives out its memory as a span and keeps it when cleared. Not thread-safe.</summary>
public sealed class ReadingBatch
{
    private Reading[] _readings;

    /// <summary>An empty batch.</summary>
    /// <param name="capacity">Room to begin with, in readings.</param>
    public ReadingBatch(int capacity = 256) => _readings = new Reading[capacity];

    /// <summary>How many readings there are.</summary>
    public int Count { get; private set; }

    /// <summary>The readings, in the order they were added. Valid until the batch changes.</summary>
    public ReadOnlySpan<Reading> Readings => _readings.AsSpan(0, Count);

    /// <summary>Adds a reading at the end.</summary>
    public void Add(in Reading reading)
    {
        if (Count == _readings.Length)
        {
            Array.Resize(ref _readings, Count * 2);
        }

        _readings[Count++] = reading;
    }

    /// <summary>Empties the batch and keeps its memory.</summary>
    public void Clear() => Count = 0;
}
