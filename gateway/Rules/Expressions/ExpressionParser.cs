using Parlot;
using Parlot.Fluent;

namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>Reads the text of a rule's condition. The grammar, with an example for everything, is in <c>docs/rules.md</c>.</summary>
internal static class ExpressionParser
{
    /// <summary>The longest expression that is read, in characters.</summary>
    public const int CharactersMax = 1000;

    /// <summary>The deepest nesting of brackets; the parser descends with them, and a stack is finite.</summary>
    public const int DepthMax = 32;

    /// <summary>Reads an expression.</summary>
    /// <returns>The expression; null when <paramref name="problem"/> says what is wrong.</returns>
    public static Syntax? Parse(string text, out ExpressionProblem? problem)
    {
        problem = Refuse(text);
        if (problem is not null)
        {
            return null;
        }

        var context = new ParseContext(new Scanner(text));
        if (!Grammar.Condition.TryParse(context, out var syntax, out var error))
        {
            problem = Unexpected(text, error?.Position.Offset ?? 0, error?.Message ?? Grammar.OperandError);
            return null;
        }

        var rest = Skip(text, context.Scanner.Cursor.Offset);
        problem = rest < text.Length ? Unexpected(text, rest, expected: "") : null;
        return problem is null ? syntax : null;
    }

    private static ExpressionProblem? Refuse(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return new ExpressionProblem(0, "The condition is empty", "write one such as value > 80 degF");
        }

        if (text.Length > CharactersMax)
        {
            return new ExpressionProblem(CharactersMax, $"The condition has more than {CharactersMax} characters", "make two rules of it");
        }

        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
            if (depth > DepthMax)
            {
                return new ExpressionProblem(i, $"Brackets are nested deeper than {DepthMax} levels", "write it flatter");
            }
        }

        return null;
    }

    private static ExpressionProblem Unexpected(string text, int offset, string expected)
    {
        offset = Skip(text, Math.Clamp(offset, 0, text.Length));
        var (follows, mend) = expected switch
        {
            Grammar.GroupError => ("a group",
                "name one: device(\"freezer-*\").temperature, or members in a rule with the key 'group'"),
            Grammar.CloseError => ("a comma or a bracket", "end the arguments with ')', or go on with ','"),
            Grammar.TimeError => ("a length of time", "write one such as 4h, 30m or 1h30m, without a blank"),
            "and" or "to" or "within" => ($"'{expected}'",
                $"write '{expected}' here, as in value between 2 and 8, or value falls to 10 % within 4h"),
            _ => ("a number, a name or a bracket", "write a condition such as value >= 80 % of capacity and change > 2"),
        };
        if (offset >= text.Length)
        {
            return new ExpressionProblem(text.Length, $"The condition ends where {follows} must follow", "complete it");
        }

        if (ForeignWords.Find(text, offset) is { } foreign)
        {
            return foreign;
        }

        return new ExpressionProblem(offset, $"'{Word(text, offset)}' is not expected here", text[offset] switch
        {
            '[' => "give the series and the time as arguments: avg_over_time(temperature, 5m)",
            '<' or '>' or '=' or '!' when expected.Length == 0 => "join comparisons with 'and', such as value > 2 and value < 8",
            _ => mend,
        });
    }

    private static int Skip(string text, int offset)
    {
        while (offset < text.Length && char.IsWhiteSpace(text[offset]))
        {
            offset++;
        }

        return offset;
    }

    private static string Word(string text, int offset)
    {
        var end = offset + 1;
        while (end < text.Length && char.IsLetterOrDigit(text[offset]) && char.IsLetterOrDigit(text[end]))
        {
            end++;
        }

        return text[offset..end];
    }
}
