namespace IotEvents.Devices.Serial;

/// <summary>Cuts a stream of bytes into lines that end with CR, LF or both. One thread.</summary>
/// <remarks>
/// Empty lines are skipped. A line longer than <see cref="LineBytesMax"/> is dropped up to its end and counted once: that
/// is also how the framer finds its feet again after a wrong baud rate filled the line with noise.
/// </remarks>
public sealed class LineFramer
{
    /// <summary>The longest line, in bytes without its end.</summary>
    public const int LineBytesMax = 4096;

    private const int ReadBytesMax = 4096;

    private readonly byte[] _buffer = new byte[LineBytesMax + 1 + ReadBytesMax];
    private int _start;
    private int _end;
    private int _lineLength;
    private bool _skipping;

    /// <summary>The line of the last successful <see cref="MoveNext"/>, without its end; valid until <see cref="Advance"/>.</summary>
    public ReadOnlySpan<byte> Line => _buffer.AsSpan(_start - _lineLength - 1, _lineLength);

    /// <summary>How many lines were dropped because they were too long.</summary>
    public int OversizeCount { get; private set; }

    /// <summary>Where the next bytes go; never empty while every line is taken before more bytes are added.</summary>
    public Memory<byte> Room()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        return _buffer.AsMemory(_end);
    }

    /// <summary>Takes note of bytes written to <see cref="Room"/>.</summary>
    /// <param name="count">How many, from its beginning.</param>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_buffer.Length - _end), nameof(count));
        _end += count;
    }

    /// <summary>Steps to the next whole line.</summary>
    /// <returns>False when the line that has begun has not ended yet.</returns>
    public bool MoveNext()
    {
        while (true)
        {
            var rest = _buffer.AsSpan(_start, _end - _start);
            var length = rest.IndexOfAny((byte)'\r', (byte)'\n');
            if (length < 0)
            {
                if (rest.Length > LineBytesMax)
                {
                    DropOversize(rest.Length);
                    _skipping = true;
                }
                else if (_skipping)
                {
                    _start = _end;
                }

                return false;
            }

            _start += length + 1;
            _lineLength = length;
            var wasSkipping = _skipping;
            _skipping = false;
            if (!wasSkipping && length > LineBytesMax)
            {
                OversizeCount++;
            }
            else if (!wasSkipping && length > 0)
            {
                return true;
            }
        }
    }

    private void DropOversize(int length)
    {
        OversizeCount += _skipping ? 0 : 1;
        _start += length;
    }
}
