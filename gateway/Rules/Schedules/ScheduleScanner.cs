using System.Globalization;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules.Schedules;

/// <summary>Takes the pieces of a schedule's text one after another: words, days, times, dates. Notes the first thing that is wrong.</summary>
/// <param name="text">The text.</param>
internal sealed class ScheduleScanner(string text)
{
    /// <summary>The word that turns a schedule round.</summary>
    public const string Not = "not";

    /// <summary>The word before dates.</summary>
    public const string Except = "except";

    /// <summary>What is wrong; null so far.</summary>
    public ExpressionProblem? Problem { get; private set; }

    /// <summary>How far it has come, in characters from 0.</summary>
    public int Position { get; private set; }

    /// <summary>The next character; NUL at the end.</summary>
    public char Current => Position < text.Length ? text[Position] : '\0';

    /// <summary>All that is still to come.</summary>
    public string Rest => text[Position..];

    /// <summary>Notes what is wrong, unless something is already.</summary>
    public void Refuse(int position, string message, string mend) => Problem ??= new ExpressionProblem(position, message, mend);

    /// <summary>Passes over spaces.</summary>
    public void Spaces() => While(char.IsWhiteSpace);

    /// <summary>Takes a character if it comes next, behind spaces or not.</summary>
    public bool Take(char c)
    {
        Spaces();
        var isThere = Current == c;
        Position += isThere ? 1 : 0;
        return isThere;
    }

    /// <summary>Takes a hyphen, or the dash that word processors make of it.</summary>
    public bool TakeDash() => Take('-') || Take('–');

    /// <summary>True when a word comes next, behind spaces or not.</summary>
    public bool AtWord(string word)
    {
        Spaces();
        return string.Compare(text, Position, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) == 0
            && (Position + word.Length == text.Length || !char.IsLetterOrDigit(text[Position + word.Length]));
    }

    /// <summary>True when a day of the week comes next.</summary>
    public bool AtDay()
    {
        var end = Position;
        while (end < text.Length && char.IsLetter(text[end]))
        {
            end++;
        }

        return Weekdays.IndexOf(text[Position..end]) >= 0;
    }

    /// <summary>Takes a word if it comes next.</summary>
    public bool TakeWord(string word)
    {
        var isThere = AtWord(word);
        Position += isThere ? word.Length : 0;
        return isThere;
    }

    /// <summary>A day of the week, from 0 = Monday.</summary>
    public int Day()
    {
        Spaces();
        var from = Position;
        var word = While(char.IsLetter);
        var day = Weekdays.IndexOf(word);
        if (day >= 0)
        {
            return day;
        }

        if (word.Length == 0)
        {
            Refuse(from, "A day is missing here", "write one of mon, tue, wed, thu, fri, sat, sun");
        }
        else if (Current == '/' || word == "UTC")
        {
            Refuse(from, "A zone stands where days or times belong", "write days and times first, such as mon-fri 08:00-18:00");
        }
        else if (word.ToLowerInvariant() is Not or Except)
        {
            Refuse(from, $"'{word}' belongs to the whole schedule", "write the long form: during or not, except, zone");
        }
        else
        {
            Refuse(from, $"'{word}' is no day", Suggest(word.ToLowerInvariant()));
        }

        return 0;
    }

    /// <summary>A time of day, in seconds from midnight, up to 24:00.</summary>
    public int Time()
    {
        Spaces();
        var from = Position;
        var word = While(c => char.IsLetterOrDigit(c) || c == ':');
        if (word.Split(':') is [{ Length: 1 or 2 } hours, { Length: 2 } minutes]
            && int.TryParse(hours, NumberStyles.None, CultureInfo.InvariantCulture, out var hour)
            && int.TryParse(minutes, NumberStyles.None, CultureInfo.InvariantCulture, out var minute)
            && minute < 60 && (hour < 24 || (hour == 24 && minute == 0)))
        {
            return (hour * 3600) + (minute * 60);
        }

        Refuse(from, word.Length == 0 ? "A time is missing here" : $"'{word}' is no time",
            "write it from 00:00 to 24:00, such as 08:00 or 18:30");
        return 0;
    }

    /// <summary>A day of the calendar.</summary>
    public DateOnly Date()
    {
        Spaces();
        var from = Position;
        var word = While(c => char.IsLetterOrDigit(c) || c == '-');
        if (!DateOnly.TryParseExact(word, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            Refuse(from, word.Length == 0 ? "A date is missing here" : $"'{word}' is no date",
                "write it with its year, such as 2026-12-24");
        }

        return date;
    }

    /// <summary>The day that begins alike, where a short word is at most two letters off.</summary>
    private static string Suggest(string word)
    {
        const int lengthMax = 5;
        return word.Length <= lengthMax && SettingsValues.Nearest(word, Weekdays.Names.Where(name => name[0] == word[0])) is { } nearest
            ? $"did you mean '{nearest}'?" : "write days such as mon, sat,sun or mon-fri";
    }

    private string While(Func<char, bool> isPart)
    {
        var from = Position;
        while (Position < text.Length && isPart(text[Position]))
        {
            Position++;
        }

        return text[from..Position];
    }
}
