using System.Text;

namespace IotEvents.Gateway.Events;

/// <summary>Makes text from devices and receivers fit for one line of a log.</summary>
public static class ForeignText
{
    /// <summary>The longest text that is shown, in characters.</summary>
    public const int CharactersMax = 256;

    /// <summary>The text with control characters, line ends and direction marks as <c>\uXXXX</c>, cut at the limit.</summary>
    public static string OneLine(string text)
    {
        var cut = text.Length > CharactersMax;
        var shown = cut ? text.AsSpan(0, CharactersMax) : text;
        var line = new StringBuilder(shown.Length);
        foreach (var character in shown)
        {
            if (char.IsControl(character) || IsInvisible(character))
            {
                line.Append("\\u").Append(((int)character).ToString("x4", null));
            }
            else
            {
                line.Append(character);
            }
        }

        return cut ? line.Append('…').ToString() : line.ToString();
    }

    // U+2028/2029 end lines for some readers; the marks of U+200B–200F, 202A–202E and 2066–2069 turn or hide what follows.
    private static bool IsInvisible(char character) => character is
        (>= '\u200b' and <= '\u200f') or (>= '\u2028' and <= '\u202e') or (>= '\u2066' and <= '\u2069') or '\ufeff';
}
