using System.Text;

namespace IotEvents.Gateway.Cli.Terminal;

/// <summary>A line of braille that shows how values went: two values and four heights a character.</summary>
public static class Sparkline
{
    private const char Blank = '\u2800';
    private const int Heights = 4;

    // Dots of the left and the right column from the bottom up (Unicode chart 2800: dots 7 3 2 1 and 8 6 5 4).
    private static readonly int[] Left = [0x40, 0x04, 0x02, 0x01];
    private static readonly int[] Right = [0x80, 0x20, 0x10, 0x08];

    /// <summary>Draws the newest values, right-aligned.</summary>
    /// <param name="values">Oldest first; NaN is a gap and stays one.</param>
    /// <param name="width">Characters, 1 or more.</param>
    public static string Draw(IReadOnlyList<double> values, int width)
    {
        var (low, high) = Range(values);
        var text = new StringBuilder(width);
        var first = values.Count - (width * 2);
        for (var i = 0; i < width; i++)
        {
            var at = first + (i * 2);
            text.Append((char)(Blank | Dot(values, at, low, high, Left) | Dot(values, at + 1, low, high, Right)));
        }

        return text.ToString();
    }

    private static int Dot(IReadOnlyList<double> values, int at, double low, double high, int[] column)
    {
        if (at < 0 || double.IsNaN(values[at]))
        {
            return 0;
        }

        // A flat line runs through the lower middle rather than along the floor: it has a value.
        var height = high > low ? (int)Math.Round((values[at] - low) / (high - low) * (Heights - 1)) : 1;
        return column[height];
    }

    private static (double Low, double High) Range(IReadOnlyList<double> values)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (var value in values)
        {
            if (!double.IsNaN(value))
            {
                low = Math.Min(low, value);
                high = Math.Max(high, value);
            }
        }

        return (low, high);
    }
}
