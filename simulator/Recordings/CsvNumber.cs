using System.Globalization;

namespace IotEvents.Simulator.Recordings;

/// <summary>Reads numbers as files write them, and knows what stands for none.</summary>
internal sealed class CsvNumber(bool decimalComma, IReadOnlyList<string> missing)
{
    private static readonly string[] MissingAlways = ["", "NA", "N/A", "NaN", "null", "-", "?"];

    private readonly double[] _missingNumbers =
        [.. missing.Select(m => double.TryParse(m, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) ? v : double.NaN)];

    public bool IsMissing(string field) =>
        MissingAlways.Contains(field, StringComparer.OrdinalIgnoreCase) || missing.Contains(field) ||
        (TryParseText(field, out var value) && _missingNumbers.Contains(value) && !double.IsNaN(value));

    /// <summary>False for what is missing, what is no number, and infinities.</summary>
    public bool TryParse(string field, out double value)
    {
        value = double.NaN;
        return !IsMissing(field) && TryParseText(field, out value);
    }

    private bool TryParseText(string field, out double value)
    {
        var text = decimalComma ? field.Replace(',', '.') : field;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value))
        {
            return true;
        }

        value = double.NaN;
        return false;
    }
}
