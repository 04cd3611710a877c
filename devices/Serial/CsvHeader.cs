using System.Text;

namespace IotEvents.Devices.Serial;

/// <summary>Puts the header in front of each line of separated values, so that the decoder needs no memory between lines.</summary>
/// <remarks>
/// The header is the configured columns; without them it is the last line seen in which no cell begins like a number.
/// Until one was seen, lines go through as they are.
/// </remarks>
internal sealed class CsvHeader
{
    private readonly bool _isConfigured;
    private readonly byte[] _payload = new byte[(2 * LineFramer.LineBytesMax) + 1];
    private int _headerLength;

    public CsvHeader(SerialOptions options)
    {
        _isConfigured = options.Columns.Count > 0;
        if (_isConfigured)
        {
            Keep(Encoding.UTF8.GetBytes(string.Join(options.Separator, options.Columns)));
        }
    }

    /// <summary>The line with the header before it; empty when the line is itself a header.</summary>
    public ReadOnlySpan<byte> Complete(ReadOnlySpan<byte> line)
    {
        if (!_isConfigured && IsHeader(line))
        {
            Keep(line);
            return default;
        }

        if (_headerLength == 0)
        {
            return line;
        }

        line.CopyTo(_payload.AsSpan(_headerLength));
        return _payload.AsSpan(0, _headerLength + line.Length);
    }

    private void Keep(ReadOnlySpan<byte> header)
    {
        header = header[..Math.Min(header.Length, LineFramer.LineBytesMax)];
        header.CopyTo(_payload);
        _payload[header.Length] = (byte)'\n';
        _headerLength = header.Length + 1;
    }

    private static bool IsHeader(ReadOnlySpan<byte> line)
    {
        var isStart = true;
        var letters = false;
        foreach (var letter in line)
        {
            if (letter is (byte)',' or (byte)';' or (byte)'\t' or (byte)'|' or (byte)'.')
            {
                isStart = true;
                continue;
            }

            if (isStart && letter is (>= (byte)'0' and <= (byte)'9') or (byte)'+' or (byte)'-' or (byte)'.')
            {
                return false;
            }

            isStart = false;
            letters = true;
        }

        return letters;
    }
}
