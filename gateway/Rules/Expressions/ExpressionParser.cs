using System.Globalization;
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

    private static readonly string[] Words = ["and", "or", "not", "of"];

    private static readonly Parser<Syntax> Grammar = Build();

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
        if (!Grammar.TryParse(context, out var syntax, out var error))
        {
            problem = Unexpected(text, error?.Position.Offset ?? 0);
            return null;
        }

        var rest = Skip(text, context.Scanner.Cursor.Offset);
        problem = rest < text.Length ? Unexpected(text, rest) : null;
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

    private static ExpressionProblem Unexpected(string text, int offset)
    {
        offset = Skip(text, Math.Clamp(offset, 0, text.Length));
        return offset >= text.Length
            ? new ExpressionProblem(text.Length, "The condition ends where a number, a name or a bracket must follow", "complete it")
            : new ExpressionProblem(offset, $"'{Word(text, offset)}' is not expected here",
                "write a condition such as value >= 80 % of capacity and change > 2");
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

    // Each level of this method binds tighter than the next: a literal, a factor, a term, a sum, a comparison, not, and, or.
    private static Parser<Syntax> Build()
    {
        var expression = Deferred<Syntax>();
        var number = Terms.Scan(NumberLength, "0123456789.");
        var unit = SkipWhiteSpace(Literals.Identifier(static c => c is '%' or '°' or 'µ' or 'μ' or 'Ω' || char.IsLetter(c),
            static c => c is '%' or '°' or '/' or '^' or '·' or '²' or '³' || char.IsLetterOrDigit(c)))
            .When(static (_, span) => !IsWord(span));
        var name = SkipWhiteSpace(Literals.Identifier(static c => char.IsLetter(c) || c == '_',
            static c => char.IsLetterOrDigit(c) || c is '.' or '_')).When(static (_, span) => !IsWord(span));
        var text = Terms.String(StringLiteralQuotes.SingleOrDouble);
        var open = Terms.Char('(');
        var close = Terms.Char(')');

        var literal = number.And(ZeroOrOne(unit)).Then<Syntax>(static pair => new NumberSyntax(pair.Item1.Offset,
            double.Parse(pair.Item1.Span, NumberStyles.Float, CultureInfo.InvariantCulture),
            pair.Item2.Count > 0 ? pair.Item2[0].ToString()! : ""));
        var device = name.When(static (_, span) => span.Span.SequenceEqual("device"))
            .AndSkip(open).And(text).AndSkip(close).AndSkip(Literals.Char('.')).And(name)
            .Then<Syntax>(static it => new MetricSyntax(it.Item1.Offset, it.Item2.ToString(), it.Item3.ToString()!));
        var metric = name.When(static (_, span) => span.Span.SequenceEqual("metric"))
            .AndSkip(open).And(text).AndSkip(close)
            .Then<Syntax>(static it => new MetricSyntax(it.Item1.Offset, null, it.Item2.ToString()!));
        var call = name.AndSkip(open).And(Separated(Terms.Char(','), expression)).AndSkip(close)
            .Then<Syntax>(static it => new CallSyntax(it.Item1.Offset, it.Item1.ToString()!, it.Item2));
        var plain = name.Then<Syntax>(static it => new NameSyntax(it.Offset, it.ToString()!));
        var primary = OneOf(literal, device, metric, call, plain, Between(open, expression, close)).ElseError("operand");

        var part = primary.And(ZeroOrOne(Terms.Keyword("of").SkipAnd(primary)))
            .Then<Syntax>(static it => it.Item2.Count > 0 ? new BinarySyntax(Operator.PartOf, it.Item1, it.Item2[0]) : it.Item1);
        var negative = Capture(Literals.Char('-'));
        var factor = OneOf(SkipWhiteSpace(negative).And(part)
            .Then<Syntax>(static it => new UnarySyntax(it.Item1.Offset, Operator.Subtract, it.Item2)), part);
        var term = Joined(factor, [("*", Operator.Multiply), ("/", Operator.Divide)]);
        var sum = Joined(term, [("+", Operator.Add), ("-", Operator.Subtract)]);
        var comparison = Joined(sum, [("<=", Operator.LessOrEqual), ("<", Operator.Less), (">=", Operator.GreaterOrEqual),
            (">", Operator.Greater), ("==", Operator.Equal), ("=", Operator.Equal), ("!=", Operator.NotEqual)]);
        var negation = ZeroOrMany(Terms.Keyword("not")).And(comparison).Then<Syntax>(static it =>
            it.Item1.Count % 2 == 1 ? new UnarySyntax(it.Item2.Position, Operator.Not, it.Item2) : it.Item2);
        var conjunction = negation.LeftAssociative(
            (Terms.Keyword("and"), static (left, right) => new BinarySyntax(Operator.And, left, right)));
        expression.Parser = conjunction.LeftAssociative(
            (Terms.Keyword("or"), static (left, right) => new BinarySyntax(Operator.Or, left, right)));
        return expression;
    }

    private static Parser<Syntax> Joined(Parser<Syntax> operand, (string Text, Operator Operator)[] operators) =>
        operand.LeftAssociative([.. operators.Select(it => (
            Terms.Text(it.Text),
            (Func<Syntax, Syntax, Syntax>)((left, right) => new BinarySyntax(it.Operator, left, right))))]);

    // Parlot's own number parser finds its conversion by reflection, which a natively compiled program cannot promise.
    private static int NumberLength(ReadOnlySpan<char> text)
    {
        var whole = Digits(text);
        var length = whole;
        if (length < text.Length && text[length] == '.')
        {
            var fraction = Digits(text[(length + 1)..]);
            if (whole + fraction == 0)
            {
                return 0;
            }

            length += 1 + fraction;
        }

        return length > 0 ? length + ExponentLength(text[length..]) : 0;
    }

    /// <summary>0 when the letter begins a unit, as in <c>5 eV</c> without the space.</summary>
    private static int ExponentLength(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] is not ('e' or 'E'))
        {
            return 0;
        }

        var sign = text.Length > 1 && text[1] is ('+' or '-') ? 1 : 0;
        var digits = Digits(text[(1 + sign)..]);
        return digits > 0 ? 1 + sign + digits : 0;
    }

    private static int Digits(ReadOnlySpan<char> text)
    {
        var other = text.IndexOfAnyExceptInRange('0', '9');
        return other < 0 ? text.Length : other;
    }

    private static bool IsWord(TextSpan span)
    {
        foreach (var word in Words)
        {
            if (span.Span.SequenceEqual(word))
            {
                return true;
            }
        }

        return false;
    }
}
