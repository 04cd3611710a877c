namespace IotEvents.Devices.Decoders.Csv;

/// <summary>Steps over the lines of a text that are not empty.</summary>
internal ref struct CsvLines(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text;

    /// <summary>The line without its end.</summary>
    public ReadOnlySpan<byte> Line { get; private set; }

    /// <summary>Steps to the next line.</summary>
    public bool MoveNext()
    {
        _rest = _rest.TrimStart("\r\n"u8);
        if (_rest.IsEmpty)
        {
            return false;
        }

        var end = _rest.IndexOfAny((byte)'\r', (byte)'\n');
        Line = end < 0 ? _rest : _rest[..end];
        _rest = _rest[Line.Length..];
        return true;
    }
}
