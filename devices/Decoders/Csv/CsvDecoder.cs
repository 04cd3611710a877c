using System.Text.Unicode;
using IotEvents.Devices.Contracts;

namespace IotEvents.Devices.Decoders.Csv;

/// <summary>Reads separated values: a header line with the names of the columns, then lines of values, each with its own time.</summary>
/// <remarks>
/// The separator is the first of tab, <c>;</c>, <c>,</c>, <c>|</c> or space that stands in the first line; unless it is the comma,
/// <c>21,5</c> is a number. A first line with no value in it is the header; without one the columns are <c>column_1</c>,
/// <c>column_2</c> … A column may name its unit: <c>temp [°C]</c> or <c>temp (°C)</c>. A column called <c>ts</c>,
/// <c>time</c> or <c>timestamp</c> is the time of its line. Empty cells are skipped, <c>"…"</c> around a cell is dropped; a
/// cell cannot hold the separator. Device: <see cref="TopicNames.TryDevice"/>.
/// </remarks>
public sealed class CsvDecoder : IPayloadDecoder
{
    /// <summary>The most columns that are read; cells beyond are counted as <see cref="RejectReason.TooMany"/>.</summary>
    public const int ColumnsMax = 64;

    /// <inheritdoc/>
    public string Name => "csv";

    /// <summary>True for a line that names columns: it has a cell, and none of its cells is a value or a time.</summary>
    /// <param name="line">One line in UTF-8, without its end.</param>
    public static bool IsHeader(ReadOnlySpan<byte> line)
    {
        var cells = new CellScanner(line, CellScanner.Separator(line));
        var names = 0;
        while (cells.MoveNext())
        {
            var reason = ValueText.Read(cells.Cell, glued: true, cells.DecimalComma, out _, out _);
            if (reason != RejectReason.WrongType || DeviceTime.TryRead(cells.Cell, out _))
            {
                return false;
            }

            names += cells.Cell.IsEmpty ? 0 : 1;
        }

        return names > 0;
    }

    /// <inheritdoc/>
    public RejectReason Decode(in Message message, ReadingBuffer output)
    {
        var text = message.Payload.Trim("\r\n"u8);
        if (ValueText.Trim(text).IsEmpty)
        {
            return RejectReason.Empty;
        }

        if (!Utf8.IsValid(text))
        {
            return RejectReason.BadUtf8;
        }

        if (!TopicNames.TryDevice(message.Address, out var device))
        {
            return RejectReason.InvalidTopic;
        }

        Span<CsvColumn> columns = stackalloc CsvColumn[ColumnsMax];
        var lines = new CsvLines(text);
        lines.MoveNext();
        var table = new CsvTable(lines.Line, columns, device, output);
        if (table.HasHeader && !lines.MoveNext())
        {
            return RejectReason.Empty;
        }

        do
        {
            table.AddLine(lines.Line);
        }
        while (lines.MoveNext());
        return output.Count + output.RejectedCount > 0 ? RejectReason.None : RejectReason.Empty;
    }
}
