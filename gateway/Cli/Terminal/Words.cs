using System.Globalization;
using System.Text;
using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Cli.Terminal;

/// <summary>How values, ages and sizes are written on screens.</summary>
public static class Words
{
    private static readonly string[] SizeUnits = ["B", "kB", "MB", "GB", "TB"];

    /// <summary>A value with its unit, at most three decimals and five significant digits: <c>21.4 °C</c>.</summary>
    public static string Value(double value, Unit unit)
    {
        var number = Number(value);
        return unit.Display.Length == 0 ? number : $"{number} {unit.Display}";
    }

    /// <summary>A number of at most three decimals and five significant digits.</summary>
    public static string Number(double value)
    {
        var size = Math.Abs(value);
        var format = size >= 1e7 ? "0.##E0" : size >= 1000 ? "0" : size >= 100 ? "0.#" : size >= 10 ? "0.##" : "0.###";
        var text = value.ToString(format, CultureInfo.InvariantCulture);
        // A minus sign is as wide as a digit; a hyphen is not.
        return text == "-0" ? "0" : text.Replace('-', '−');
    }

    /// <summary>Bytes as they are printed on disks: <c>1.2 MB</c>. Large values of a unit of bytes are better read so.</summary>
    public static string Size(double bytes)
    {
        var unit = 0;
        while (Math.Abs(bytes) >= 1000 && unit < SizeUnits.Length - 1)
        {
            bytes /= 1000;
            unit++;
        }

        return $"{Number(Math.Round(bytes, unit == 0 ? 0 : 1))} {SizeUnits[unit]}";
    }

    /// <summary>How long ago: <c>now</c>, <c>12 s</c>, <c>14 min</c>, <c>3 h</c>, <c>2 d</c>.</summary>
    public static string Age(TimeSpan age) => age switch
    {
        { TotalSeconds: < 1 } => "now",
        { TotalSeconds: < 100 } => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalSeconds} s"),
        { TotalMinutes: < 100 } => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalMinutes} min"),
        { TotalHours: < 48 } => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalHours} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalDays} d"),
    };

    /// <summary>How many of a thing: <c>1 rule</c>, <c>2 rules</c>.</summary>
    public static string Count(long count, string thing) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {thing}{(count == 1 ? "" : "s")}");

    /// <summary>The shape of a condition.</summary>
    public static string Symbol(Condition condition) => condition switch
    {
        Condition.Ok => "●",
        Condition.Info => "◆",
        Condition.Warning => "▲",
        Condition.Critical => "■",
        Condition.Silent => "○",
        Condition.Suspect => "◇",
        _ => "·",
    };

    /// <summary>The word of a condition.</summary>
    public static string Word(Condition condition) => condition switch
    {
        Condition.Ok => "ok",
        Condition.Info => "info",
        Condition.Warning => "warning",
        Condition.Critical => "critical",
        Condition.Silent => "silent",
        Condition.Suspect => "suspect",
        _ => "",
    };

    /// <summary>Foreign text on one line: control characters would let a device draw on the operator's screen.</summary>
    public static string OneLine(string text)
    {
        if (!text.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029' || char.GetUnicodeCategory(c) == UnicodeCategory.Format))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            clean.Append(char.IsControl(c) || c is '\u2028' or '\u2029' || char.GetUnicodeCategory(c) == UnicodeCategory.Format ? '\ufffd' : c);
        }

        return clean.ToString();
    }
}
