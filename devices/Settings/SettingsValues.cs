using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using IotEvents.Devices.Contracts;

namespace IotEvents.Devices.Settings;

/// <summary>Reads and writes the kinds of values that settings hold.</summary>
public static class SettingsValues
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");
    private static readonly SearchValues<char> DigitsAndSpace = SearchValues.Create("0123456789. ");

    private static readonly (string Suffix, long Ticks)[] TimeUnits =
    [
        ("ms", TimeSpan.TicksPerMillisecond), ("us", TimeSpan.TicksPerMicrosecond), ("s", TimeSpan.TicksPerSecond),
        ("m", TimeSpan.TicksPerMinute), ("h", TimeSpan.TicksPerHour), ("d", TimeSpan.TicksPerDay),
        ("w", 7 * TimeSpan.TicksPerDay), ("y", 365 * TimeSpan.TicksPerDay),
    ];

    private static readonly (string Suffix, long Bytes)[] SizeUnits =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40),
        ("kB", 1_000), ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000), ("B", 1),
    ];

    /// <summary>Reads <c>20ms</c>, <c>1.5s</c>, <c>1h30m</c>, <c>30d</c>, <c>forever</c> (the longest); units us, ms, s, m, h, d, w, y as in PromQL.</summary>
    public static bool TryParseDuration(string text, out TimeSpan value)
    {
        value = TimeSpan.MaxValue;
        if (text == "forever")
        {
            return true;
        }

        value = TimeSpan.Zero;
        var rest = text.AsSpan().Trim();
        double ticks = 0;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(Digits);
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            rest = rest[digits..];
            var letters = rest.IndexOfAny(DigitsAndSpace);
            var suffix = letters < 0 ? rest : rest[..letters];
            if (!TryFind(TimeUnits, suffix, out var unit))
            {
                return false;
            }

            ticks += number * unit;
            rest = rest[suffix.Length..].TrimStart();
        }

        if (text.AsSpan().Trim().IsEmpty || ticks >= TimeSpan.MaxValue.Ticks)
        {
            return false;
        }

        value = TimeSpan.FromTicks((long)ticks);
        return true;
    }

    /// <summary>Writes a length of time so that <see cref="TryParseDuration"/> reads it back.</summary>
    public static string Format(TimeSpan value)
    {
        if (value == TimeSpan.MaxValue)
        {
            return "forever";
        }

        if (value == TimeSpan.Zero)
        {
            return "0s";
        }

        foreach (var suffix in new[] { "d", "h", "m", "s", "ms" })
        {
            _ = TryFind(TimeUnits, suffix, out var ticks);
            if (value.Ticks % ticks == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{value.Ticks / ticks}{suffix}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{value.TotalMicroseconds}us");
    }

    /// <summary>Reads <c>1GB</c>, <c>256KiB</c>, <c>500 MB</c>, <c>4096</c>.</summary>
    public static bool TryParseBytes(string text, out long value)
    {
        value = 0;
        var trimmed = text.AsSpan().Trim();
        var digits = trimmed.IndexOfAnyExcept(Digits);
        var number = digits < 0 ? trimmed : trimmed[..digits];
        var suffix = digits < 0 ? "B" : trimmed[digits..].Trim();
        if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) ||
            !TryFind(SizeUnits, suffix, out var unit) || amount * unit >= long.MaxValue)
        {
            return false;
        }

        value = (long)(amount * unit);
        return true;
    }

    /// <summary>Reads <c>127.0.0.1:1883</c> or <c>[::1]:1883</c>; <c>localhost</c> and <c>*</c> stand for 127.0.0.1 and 0.0.0.0.</summary>
    public static bool TryParseEndPoint(string text, [NotNullWhen(true)] out IPEndPoint? value)
    {
        var full = text.StartsWith("localhost:", StringComparison.Ordinal) ? "127.0.0.1" + text["localhost".Length..]
            : text.StartsWith("*:", StringComparison.Ordinal) ? "0.0.0.0" + text[1..] : text;

        // The last colon of a bare "::1" begins no port.
        return IPEndPoint.TryParse(full, out value) && full.LastIndexOf(':') > full.LastIndexOf(']') &&
            (full.Contains(']') || value.AddressFamily == AddressFamily.InterNetwork);
    }

    /// <summary>Reads a number with a unit: <c>2000 L</c>, <c>80 %</c>, <c>21.5 °C</c>, <c>5</c>.</summary>
    public static bool TryParseMeasure(string text, out double value, out Unit unit)
    {
        unit = Unit.None;
        var trimmed = text.AsSpan().Trim();
        for (var length = trimmed.Length; length > 0; length--)
        {
            if (double.TryParse(trimmed[..length], NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value))
            {
                return Units.TryParse(trimmed[length..], out unit);
            }
        }

        value = 0;
        return false;
    }

    /// <summary>Replaces a text that is <c>${file:PATH}</c> or <c>${env:NAME}</c> as a whole; any other text stays.</summary>
    /// <returns>False when what it points to is not there.</returns>
    public static bool TryExpand(string text, out string expanded, out string problem)
    {
        expanded = text;
        problem = "";
        if (!text.StartsWith("${", StringComparison.Ordinal) || !text.EndsWith('}'))
        {
            return true;
        }

        var parts = text[2..^1].Split(':', 2);
        try
        {
            if (parts is ["file", var path])
            {
                expanded = File.ReadAllText(path).TrimEnd('\r', '\n');
                return true;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problem = $"The file of '{text}' cannot be read: {error.Message.TrimEnd('.')}";
            return false;
        }

        if (parts is ["env", var name] && Environment.GetEnvironmentVariable(name) is { } value)
        {
            expanded = value;
            return true;
        }

        problem = parts is ["env", var missing]
            ? $"The environment has no variable '{missing}'"
            : $"'{text}' is neither ${{file:PATH}} nor ${{env:NAME}}";
        return false;
    }

    /// <summary>The name that somebody may have meant who wrote another word; null when none is that near.</summary>
    /// <param name="wrong">What was written.</param>
    /// <param name="known">The names that there are; of several that are as near, the first.</param>
    /// <param name="lettersMax">How many letters may be others.</param>
    public static string? Nearest(string wrong, IEnumerable<string> known, int lettersMax = 2) =>
        known.MinBy(name => Distance(wrong, name)) is { } nearest && Distance(wrong, nearest) <= lettersMax ? nearest : null;

    /// <summary>How many letters must change to make one word of another (Levenshtein).</summary>
    public static int Distance(string left, string right)
    {
        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var row = new int[right.Length + 1];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var change = left[i - 1] == right[j - 1] ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1], previous[j]) + 1, previous[j - 1] + change);
            }

            previous = row;
        }

        return previous[right.Length];
    }

    private static bool TryFind((string Suffix, long Size)[] units, ReadOnlySpan<char> suffix, out long size)
    {
        foreach (var unit in units)
        {
            if (suffix.SequenceEqual(unit.Suffix))
            {
                size = unit.Size;
                return true;
            }
        }

        size = 0;
        return false;
    }
}
