using IotEvents.Gateway.Cli.Terminal;
using Spectre.Console;

namespace IotEvents.Gateway.Cli.Client;

/// <summary>Rows with titles in aligned columns. Cells are plain text, foreign or not: nothing in them draws or colours.</summary>
internal sealed class Listing
{
    private const int LineMax = 10_000;

    private readonly Table _table = new() { Border = TableBorder.None, ShowHeaders = true };

    /// <summary>A listing without rows.</summary>
    /// <param name="titles">The titles; one that begins with <c>&gt;</c> stands, like its cells, at the right, as numbers do.</param>
    public Listing(params ReadOnlySpan<string> titles)
    {
        foreach (var title in titles)
        {
            var isNumber = title.StartsWith('>');
            _table.AddColumn(new TableColumn(new Text(isNumber ? title[1..] : title, new Style(decoration: Decoration.Bold)))
            {
                Alignment = isNumber ? Justify.Right : Justify.Left,
                Padding = new Padding(0, 0, 2, 0),
                NoWrap = true,
            });
        }
    }

    /// <summary>How many rows there are.</summary>
    public int Count => _table.Rows.Count;

    /// <summary>Adds a row: one cell for each title.</summary>
    public void Add(params ReadOnlySpan<string> cells)
    {
        var row = new Text[cells.Length];
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = new Text(Words.OneLine(cells[i]));
        }

        _table.AddRow(row);
    }

    /// <summary>Writes all rows, in a file or a pipe as wide as they are.</summary>
    public void Write(IAnsiConsole console)
    {
        if (!console.Profile.Out.IsTerminal)
        {
            // A file or a pipe has no width; a name that was cut would be found by no search.
            console.Profile.Width = LineMax;
        }

        console.Write(_table);
    }
}
