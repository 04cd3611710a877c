namespace IotEvents.Gateway.Api.Streams;

/// <summary>A pattern in which <c>*</c> stands for any characters, also none, and <c>?</c> for one. Case counts.</summary>
public sealed class Glob
{
    /// <summary>The longest pattern taken, in characters.</summary>
    public const int CharactersMax = 512;

    private readonly string _pattern;

    /// <summary>The pattern as written.</summary>
    public Glob(string pattern) => _pattern = pattern;

    /// <summary>True when the whole text is of the pattern. Time grows with pattern times text, never faster.</summary>
    public bool Matches(ReadOnlySpan<char> text)
    {
        int p = 0, t = 0, star = -1, resume = 0;
        while (t < text.Length)
        {
            // The star comes first: a text may hold a star too, and then both readings would fit.
            if (p < _pattern.Length && _pattern[p] == '*')
            {
                star = p++;
                resume = t;
            }
            else if (p < _pattern.Length && (_pattern[p] == '?' || _pattern[p] == text[t]))
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++resume;
            }
            else
            {
                return false;
            }
        }

        return _pattern.AsSpan(p).IndexOfAnyExcept('*') < 0;
    }
}
