using System.Globalization;
using IotEvents.Devices.Contracts;

namespace IotEvents.Devices.Decoders.Csv;

/// <summary>What a header says of one column: where its name stands, and its unit.</summary>
internal struct CsvColumn
{
    public int NameStart;
    public int NameLength;
    public Unit Unit;
    public bool IsTime;
    public bool IsUnitUnknown;
}

/// <summary>The columns of one payload, and how its lines become readings.</summary>
internal ref struct CsvTable
{
    private readonly ReadOnlySpan<byte> _header;
    private readonly Span<CsvColumn> _columns;
    private readonly ReadOnlySpan<byte> _device;
    private readonly ReadingBuffer _output;
    private readonly byte _separator;
    private int _count;

    public CsvTable(ReadOnlySpan<byte> firstLine, Span<CsvColumn> columns, ReadOnlySpan<byte> device, ReadingBuffer output)
    {
        _columns = columns;
        _device = device;
        _output = output;
        _separator = CellScanner.Separator(firstLine);
        HasHeader = CsvDecoder.IsHeader(firstLine);
        if (HasHeader)
        {
            _header = firstLine;
            ReadHeader();
        }
    }

    /// <summary>True when the first line names the columns.</summary>
    public bool HasHeader { get; }

    /// <summary>Adds the values of one line, and gives them the line's time.</summary>
    public readonly void AddLine(ReadOnlySpan<byte> line)
    {
        var first = _output.Count;
        var time = Timestamp.None;
        var cells = new CellScanner(line, _separator);
        for (var i = 0; cells.MoveNext(); i++)
        {
            if (cells.Cell.IsEmpty)
            {
                continue;
            }

            if (i >= (HasHeader ? _count : _columns.Length))
            {
                _output.Reject(RejectReason.TooMany);
            }
            else if (!_columns[i].IsTime)
            {
                Add(i, cells, first);
            }
            else if (!DeviceTime.TryRead(cells.Cell, out time))
            {
                _output.Reject(RejectReason.AbsurdTime);
            }
        }

        _output.Stamp(first, time);
    }

    private readonly void Add(int index, in CellScanner cells, int first)
    {
        Span<byte> metric = stackalloc byte[TopicNames.MetricBytesMax];
        ref readonly var column = ref _columns[index];
        var length = Name(index, metric);
        var reason = ValueText.Read(cells.Cell, glued: true, cells.DecimalComma, out var value, out var unit);
        reason = reason != RejectReason.None ? reason
            : length < 0 ? RejectReason.Oversize
            : column.IsUnitUnknown && !unit.IsKnown ? RejectReason.UnknownUnit : RejectReason.None;
        if (reason != RejectReason.None)
        {
            _output.Reject(reason);
            return;
        }

        unit = unit.IsKnown ? unit : column.Unit;
        _output.Put(new DecodedReading { Device = _device, Metric = metric[..length], Value = value, Unit = unit }, first);
    }

    private readonly int Name(int index, Span<byte> metric)
    {
        var column = _columns[index];
        if (column.NameLength > 0)
        {
            return TopicNames.Copy(_header.Slice(column.NameStart, column.NameLength), metric);
        }

        "column_"u8.CopyTo(metric);
        (index + 1).TryFormat(metric["column_"u8.Length..], out var digits, default, CultureInfo.InvariantCulture);
        return "column_"u8.Length + digits;
    }

    private void ReadHeader()
    {
        var cells = new CellScanner(_header, _separator);
        while (_count < _columns.Length && cells.MoveNext())
        {
            ref var column = ref _columns[_count++];
            var name = cells.Cell;
            TakeUnit(ref name, ref column);
            column.IsTime = DeviceTime.IsName(name);
            _header.Overlaps(name, out column.NameStart);
            column.NameLength = name.Length;
        }
    }

    /// <summary>A bracket that holds no unit makes the column meaningless; a parenthesis may be any remark.</summary>
    private static void TakeUnit(ref ReadOnlySpan<byte> name, ref CsvColumn column)
    {
        var isBracket = name is [.., (byte)']'];
        if (!isBracket && name is not [.., (byte)')'])
        {
            return;
        }

        var open = name.LastIndexOf(isBracket ? (byte)'[' : (byte)'(');
        if (open <= 0)
        {
            return;
        }

        var isKnown = Units.TryParse(name[(open + 1)..^1], out column.Unit);
        column.IsUnitUnknown = isBracket && !isKnown;
        name = isBracket || isKnown ? ValueText.Trim(name[..open]) : name;
    }
}
