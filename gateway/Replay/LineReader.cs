namespace IotEvents.Gateway.Replay;

/// <summary>Cuts a stream into lines. A line that is longer than the limit is an error, not a reason to take all memory.</summary>
/// <param name="input">The stream; not closed.</param>
internal sealed class LineReader(Stream input)
{
    /// <summary>The longest line: 4 MiB. A payload of 256 KiB, every byte of it escaped, is well below.</summary>
    public const int BytesMax = 4 << 20;

    private byte[] _buffer = new byte[256 << 10];
    private int _start;
    private int _end;
    private bool _ended;

    /// <summary>The line, without its end. Valid until the next one.</summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>The line's number, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Bytes read so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Steps to the next line.</summary>
    /// <exception cref="RecordedLineException">The line is too long.</exception>
    public bool MoveNext()
    {
        var searched = 0;
        while (true)
        {
            var rest = _buffer.AsSpan(_start, _end - _start);
            var length = rest[searched..].IndexOf((byte)'\n');
            if (length >= 0 || (_ended && !rest.IsEmpty))
            {
                length = length >= 0 ? searched + length : rest.Length;
                Number++;
                Line = _buffer.AsMemory(_start, length > 0 && rest[length - 1] == '\r' ? length - 1 : length);
                _start = Math.Min(_start + length + 1, _end);
                return true;
            }

            if (_ended)
            {
                return false;
            }

            searched = rest.Length;
            Fill();
        }
    }

    private void Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        if (_end == _buffer.Length)
        {
            if (_buffer.Length >= BytesMax)
            {
                throw new RecordedLineException(
                    Number + 1, $"is longer than {BytesMax >> 20} MiB", "give a file with one JSON object per line");
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = input.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        BytesRead += read;
        _ended = read == 0;
    }
}

/// <summary>A line of a recorded file that cannot be read.</summary>
/// <param name="line">Its number, from 1.</param>
/// <param name="problem">What is wrong, to be read after "Line N".</param>
/// <param name="mend">What to do about it.</param>
public sealed class RecordedLineException(long line, string problem, string mend) : Exception($"Line {line} {problem}; {mend}.")
{
    /// <summary>Its number, from 1.</summary>
    public long Line => line;
}
