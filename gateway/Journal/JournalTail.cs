using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Journal;

/// <summary>The newest records in memory, so that a consumer that keeps up never decodes what was just encoded. Any thread.</summary>
internal sealed class JournalTail
{
    // What an object, its envelope and its texts take besides the payload; a rough figure is enough for a bound.
    private const int BatchBytes = 128;
    private const int EventBytes = 400;
    private const int ReadingBytes = 32;

    private readonly Lock _lock = new();
    private readonly Queue<CommittedBatch> _batches = new();
    private readonly long _bytesMax;
    private long _bytes;
    private long _first;

    /// <summary>An empty tail.</summary>
    /// <param name="bytesMax">How many bytes it keeps at most, about; the newest record stays even if it is larger, unless 0.</param>
    public JournalTail(long bytesMax) => _bytesMax = bytesMax;

    /// <summary>True when nothing should be kept.</summary>
    public bool IsOff => _bytesMax == 0;

    /// <summary>The oldest record it holds; <see cref="long.MaxValue"/> when it holds none.</summary>
    public long First
    {
        get
        {
            lock (_lock)
            {
                return _batches.Count == 0 ? long.MaxValue : _first;
            }
        }
    }

    /// <summary>Adds the newest record and lets go of the oldest ones.</summary>
    public void Add(CommittedBatch batch)
    {
        if (IsOff)
        {
            return;
        }

        lock (_lock)
        {
            if (_batches.Count > 0 && batch.Offset != _first + _batches.Count)
            {
                _batches.Clear();
                _bytes = 0;
            }

            _batches.Enqueue(batch);
            _bytes += Bytes(batch);
            while (_bytes > _bytesMax && _batches.Count > 1)
            {
                _bytes -= Bytes(_batches.Dequeue());
            }

            _first = batch.Offset - _batches.Count + 1;
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _batches.Clear();
            _bytes = 0;
        }
    }

    /// <summary>Adds the records from an offset on to a list, if the tail reaches back that far.</summary>
    /// <returns>How many were added.</returns>
    public int Read(long offset, int batchesMax, List<CommittedBatch> into)
    {
        lock (_lock)
        {
            if (_batches.Count == 0 || offset < _first)
            {
                return 0;
            }

            var before = into.Count;
            into.AddRange(_batches.Skip((int)Math.Min(offset - _first, _batches.Count)).Take(batchesMax));
            return into.Count - before;
        }
    }

    private static long Bytes(CommittedBatch batch)
    {
        long bytes = BatchBytes + ((long)batch.Readings.Length * ReadingBytes);
        for (var index = 0; index < batch.Events.Count; index++)
        {
            bytes += EventBytes + batch.Events[index].Data.Length;
        }

        return bytes;
    }
}
