using IotEvents.Devices.Settings;

namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>Knows how other languages say what a condition says, for errors that name the word to write.</summary>
internal static class ForeignWords
{
    private const string OverTime = "_over_time";

    private static readonly (string Sign, string Mend)[] Signs =
        [("&&", "write 'and'"), ("||", "write 'or'"), ("=>", "write '>='"), ("=<", "write '<='"), ("<>", "write '!='"), ("!", "write 'not'")];

    /// <summary>The foreign word that stopped the parser, at that place or right before it; null when there is none.</summary>
    /// <param name="text">The condition.</param>
    /// <param name="offset">The first character that was not expected.</param>
    public static ExpressionProblem? Find(string text, int offset)
    {
        foreach (var (sign, mend) in Signs)
        {
            for (var at = offset; at >= Math.Max(0, offset - sign.Length + 1); at--)
            {
                if (text.AsSpan(at).StartsWith(sign, StringComparison.Ordinal) && !(sign == "!" && text.AsSpan(at).StartsWith("!=")))
                {
                    return NotExpected(at, sign, mend);
                }
            }
        }

        return Word(text, offset) ?? Word(text, BeginOfWordBefore(text, offset));
    }

    /// <summary>A function that is called by half its name, in a call with a problem; null when there is none.</summary>
    public static ExpressionProblem? Find(string text, Syntax syntax, ExpressionProblem problem)
    {
        foreach (var call in syntax.All().OfType<CallSyntax>())
        {
            var end = text.IndexOf(')', call.Position) is > 0 and var close ? close : text.Length;
            if (problem.Position >= call.Position && problem.Position <= end && WindowFunctions.Contains($"{call.Name}{OverTime}")
                && !WindowFunctions.Contains(call.Name) && call.Arguments is [.., NumberSyntax span]
                && Tokens.DurationLength(text.AsSpan(span.Position, end - span.Position)) is > 0)
            {
                var arguments = text[(text.IndexOf('(', call.Position) + 1)..end];
                return problem with { Mend = $"did you mean {call.Name}{OverTime}({arguments})?" };
            }
        }

        return null;
    }

    private static ExpressionProblem? Word(string text, int offset)
    {
        var end = offset;
        while (end < text.Length && char.IsLetter(text[end]))
        {
            end++;
        }

        var word = text[offset..end];
        return word.ToLowerInvariant() switch
        {
            "and" or "or" or "not" when word.Any(char.IsUpper) => NotExpected(offset, word, $"write '{word.ToLowerInvariant()}'"),
            "for" => NotExpected(offset, word, $"say how long in the key 'for': for: {Duration(text[end..].Trim())}"),
            _ => null,
        };
    }

    private static string Duration(string text) => SettingsValues.TryParseDuration(text, out _) ? text : "5m";

    private static int BeginOfWordBefore(string text, int offset)
    {
        var begin = offset;
        while (begin > 0 && char.IsWhiteSpace(text[begin - 1]))
        {
            begin--;
        }

        while (begin > 0 && char.IsLetter(text[begin - 1]))
        {
            begin--;
        }

        return begin;
    }

    private static ExpressionProblem NotExpected(int position, string what, string mend) =>
        new(position, $"'{what}' is not expected here", mend);
}
