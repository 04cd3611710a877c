namespace IotEvents.Devices.Decoders.Csv;

/// <summary>Steps over the cells of one line.</summary>
internal ref struct CellScanner(ReadOnlySpan<byte> line, byte separator)
{
    private ReadOnlySpan<byte> _rest = line;
    private bool _ended;

    /// <summary>The cell, without the spaces and quotes around it; may be empty.</summary>
    public ReadOnlySpan<byte> Cell { get; private set; }

    /// <summary>True when a comma in a cell is part of a number.</summary>
    public readonly bool DecimalComma => separator != ',';

    /// <summary>The separator of a line.</summary>
    public static byte Separator(ReadOnlySpan<byte> line)
    {
        foreach (var separator in "\t;,| "u8)
        {
            if (line.Contains(separator))
            {
                return separator;
            }
        }

        return (byte)',';
    }

    /// <summary>Steps to the next cell.</summary>
    public bool MoveNext()
    {
        if (_ended)
        {
            return false;
        }

        var end = _rest.IndexOf(separator);
        _ended = end < 0;
        var cell = _ended ? _rest : _rest[..end];
        _rest = _ended ? default : _rest[(end + 1)..];
        cell = ValueText.Trim(cell);
        Cell = cell is [(byte)'"', .., (byte)'"'] && cell.Length > 1 ? cell[1..^1] : cell;
        return true;
    }
}
