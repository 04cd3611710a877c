using System.Buffers;

namespace IotEvents.Gateway.Sinks.InfluxDb;

/// <summary>Lines for one request, within limits; any run of them can be taken out. Reused; not thread-safe.</summary>
internal sealed class LineBatch(int linesMax)
{
    /// <summary>The most bytes of one request before compression. A single longer line still goes, alone.</summary>
    public const int BytesMax = 1_000_000;

    private readonly ArrayBufferWriter<byte> _bytes = new(64 * 1024);
    private readonly List<int> _ends = [];

    /// <summary>How many lines there are.</summary>
    public int Count => _ends.Count;

    /// <summary>True when a further line needs another request.</summary>
    public bool IsFull(int nextLineBytes) =>
        Count >= linesMax || (Count > 0 && _bytes.WrittenCount + nextLineBytes > BytesMax);

    /// <summary>Adds one line with its line end.</summary>
    public void Add(ReadOnlySpan<byte> line)
    {
        _bytes.Write(line);
        _ends.Add(_bytes.WrittenCount);
    }

    /// <summary>Some of the lines, as they are sent. Valid until the batch changes.</summary>
    public ReadOnlyMemory<byte> Lines(int from, int count)
    {
        var start = from == 0 ? 0 : _ends[from - 1];
        return _bytes.WrittenMemory[start.._ends[from + count - 1]];
    }

    public void Clear()
    {
        _bytes.ResetWrittenCount();
        _ends.Clear();
    }
}
