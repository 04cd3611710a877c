using Parlot;
using Parlot.Fluent;

namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>The grammar of conditions; as a page, with an example for everything, it is in <c>docs/rules.md</c>.</summary>
internal static class Grammar
{
    /// <summary>What is told by an error where a number or a name must follow.</summary>
    public const string OperandError = "operand";

    /// <summary>What is told by an error where the arguments of a function must end.</summary>
    public const string CloseError = "close";

    /// <summary>What is told by an error where a length of time must follow.</summary>
    public const string TimeError = "time";

    /// <summary>What is told by an error where a group must follow.</summary>
    public const string GroupError = "group";

    private static readonly SortedSet<string> Used = new(Tokens.Reserved, StringComparer.Ordinal);

    private static readonly Parser<TextSpan> Name =
        SkipWhiteSpace(Literals.Identifier(Tokens.BeginsName, Tokens.ContinuesName))
            .When(static (_, it) => !Tokens.IsReserved(it));

    private static readonly Parser<TextSpan> Unit =
        SkipWhiteSpace(Literals.Identifier(Tokens.BeginsUnit, Tokens.ContinuesUnit))
            .When(static (_, it) => !Tokens.IsReserved(it));

    private static readonly Parser<TextSpan> Text = Terms.Scan(Tokens.TextLength, Tokens.TextStart);

    private static readonly Parser<DurationSyntax> Duration = Terms.Scan(Tokens.DurationLength, Tokens.NumberStart)
        .Then(static it => new DurationSyntax(it.Offset, Tokens.Duration(it)));

    private static readonly Parser<char> Open = Terms.Char('(');
    private static readonly Parser<char> Close = Terms.Char(')');
    private static readonly Parser<char> Comma = Terms.Char(',');

    /// <summary>A whole condition.</summary>
    public static readonly Parser<Syntax> Condition = Build();

    /// <summary>Every word that means something by itself, in alphabetical order; names of functions are not among them.</summary>
    public static IReadOnlyCollection<string> Words => Used;

    // Each level of this method binds tighter than the next: a factor, a term, a sum, a relation, not, and, or.
    private static Parser<Syntax> Build()
    {
        var condition = Deferred<Syntax>();
        var primary = Primary(condition);
        var part = primary.And(ZeroOrOne(Keyword("of").SkipAnd(primary)))
            .Then<Syntax>(static it => it.Item2.Count > 0 ? new BinarySyntax(Operator.PartOf, it.Item1, it.Item2[0]) : it.Item1);
        var factor = OneOf(SkipWhiteSpace(Capture(Literals.Char('-'))).And(part)
            .Then<Syntax>(static it => new UnarySyntax(it.Item1.Offset, Operator.Subtract, it.Item2)), part);
        var term = Joined(factor, Operator.Multiply, Operator.Divide);
        var sum = Joined(term, Operator.Add, Operator.Subtract);
        var negation = ZeroOrMany(Keyword("not")).And(new Relation(sum, Relations(sum))).Then<Syntax>(static it =>
            it.Item1.Count % 2 == 1 ? new UnarySyntax(it.Item2.Position, Operator.Not, it.Item2) : it.Item2);
        var conjunction = negation.LeftAssociative(
            (Keyword("and"), static (left, right) => new BinarySyntax(Operator.And, left, right)));
        condition.Parser = conjunction.LeftAssociative(
            (Keyword("or"), static (left, right) => new BinarySyntax(Operator.Or, left, right)));
        return condition;
    }

    private static Parser<Syntax> Primary(Parser<Syntax> condition)
    {
        var literal = Terms.Scan(Tokens.NumberLength, Tokens.NumberStart).And(ZeroOrOne(Unit)).Then<Syntax>(static it =>
            new NumberSyntax(it.Item1.Offset, Tokens.Number(it.Item1), it.Item2.Count > 0 ? it.Item2[0].ToString()! : ""));
        var text = Text.Then<Syntax>(static it => new TextSyntax(it.Offset, Tokens.Text(it)));
        var metricName = Word("metric").SkipAnd(Open).SkipAnd(Text).AndSkip(Close).Then(static it => Tokens.Text(it));
        var ofDevice = Literals.Char('.').SkipAnd(OneOf(metricName, Name.Then(static it => it.ToString()!)));
        var device = Word("device").AndSkip(Open).And(Text).AndSkip(Close).And(ofDevice)
            .Then<Syntax>(static it => new MetricSyntax(it.Item1.Offset, Tokens.Text(it.Item2), it.Item3));
        var metric = Word("metric").AndSkip(Open).And(Text).AndSkip(Close)
            .Then<Syntax>(static it => new MetricSyntax(it.Item1.Offset, null, Tokens.Text(it.Item2)));
        var empty = Name.AndSkip(Open).AndSkip(Close).Then<Syntax>(static it => new CallSyntax(it.Offset, it.ToString()!, []));
        var windowCall = Name.When(static (_, it) => WindowFunctions.Contains(it.Span)).AndSkip(Open)
            .And(Separated(Comma, OneOf(Window(), Duration.Then<Syntax>(static it => it), condition)))
            .AndSkip(Close.ElseError(CloseError))
            .Then<Syntax>(static it => new CallSyntax(it.Item1.Offset, it.Item1.ToString()!, it.Item2));
        var call = Name.AndSkip(Open).And(Separated(Comma, condition)).AndSkip(Close.ElseError(CloseError))
            .Then<Syntax>(static it => new CallSyntax(it.Item1.Offset, it.Item1.ToString()!, it.Item2));
        var plain = Name.Then<Syntax>(static it => new NameSyntax(it.Offset, it.ToString()!));
        return OneOf(literal, text, Group(ofDevice, condition), device, metric, empty, windowCall, call, plain,
            Between(Open, condition, Close)).ElseError(OperandError);
    }

    private static Parser<Syntax> Window()
    {
        var tumbling = Word("tumbling").And(Duration)
            .Then<Syntax>(static it => new WindowSyntax(it.Item1.Offset, WindowKind.Tumbling, it.Item2.Value, null));
        var session = Word("session").And(Duration).And(ZeroOrOne(Word("max").SkipAnd(Duration)))
            .Then<Syntax>(static it => new WindowSyntax(it.Item1.Offset, WindowKind.Session, it.Item2.Value,
                it.Item3.Count > 0 ? it.Item3[0].Value : null));
        return OneOf(tumbling, session);
    }

    private static Parser<Syntax> Group(Parser<string> ofDevice, Parser<Syntax> condition)
    {
        Used.UnionWith(GroupKinds.Words);
        Used.Add("label");
        var ownLabel = Name.When(static (_, it) => it.Span.StartsWith(NameSyntax.LabelPrefix))
            .Then(static it => (Value: it.ToString()![NameSyntax.LabelPrefix.Length..], IsOwn: true));
        var labelText = Text.Then(static it => (Value: Tokens.Text(it), IsOwn: false));
        var label = Name.AndSkip(Terms.Char('=')).And(OneOf(labelText, ownLabel))
            .Then(static it => new LabelSyntax(it.Item1.ToString()!, it.Item2.Value, it.Item2.IsOwn));
        var devices = Word("device").AndSkip(Open).And(Text).And(ZeroOrMany(Comma.SkipAnd(label))).AndSkip(Close).And(ofDevice)
            .Then(static it => new SelectorSyntax(it.Item1.Offset, Tokens.Text(it.Item2), it.Item4, it.Item3));
        var members = Word("members").Then(static it => new SelectorSyntax(it.Offset, null, "", []));
        return Name.When(static (_, it) => Kind(it) >= 0).AndSkip(Keyword("of")).And(OneOf(devices, members).ElseError(GroupError))
            .And(ZeroOrOne(Keyword("where").SkipAnd(condition)))
            .Then<Syntax>(static it => new GroupSyntax(
                it.Item1.Offset, (GroupKind)Kind(it.Item1), it.Item2, it.Item3.Count > 0 ? it.Item3[0] : null));
    }

    // What may follow a number and makes a condition of it.
    private static Parser<Func<Syntax, Syntax>> Relations(Parser<Syntax> sum)
    {
        var between = ZeroOrOne(Keyword("not")).AndSkip(Keyword("between")).And(sum).AndSkip(Must("and")).And(sum)
            .Then<Func<Syntax, Syntax>>(static it => left => Negated(it.Item1.Count > 0, new BinarySyntax(Operator.And,
                new BinarySyntax(Operator.GreaterOrEqual, left, it.Item2),
                new BinarySyntax(Operator.LessOrEqual, left, it.Item3))));
        var isIn = ZeroOrOne(Keyword("not")).AndSkip(Keyword("in")).AndSkip(Open).And(Separated(Comma, sum))
            .AndSkip(Close.ElseError(CloseError))
            .Then<Func<Syntax, Syntax>>(static it => left => Negated(it.Item1.Count > 0, new InSyntax(left, it.Item2)));
        var verb = OneOf(Keyword("reaches").Then(static _ => false), Keyword("falls").AndSkip(Must("to")).Then(static _ => true));
        var time = Duration.ElseError(TimeError);
        var reach = verb.And(sum).AndSkip(Must("within")).And(time).And(ZeroOrOne(Keyword("over").SkipAnd(time)))
            .Then<Func<Syntax, Syntax>>(static it => left =>
                new ReachSyntax(left, it.Item1, it.Item2, it.Item3, it.Item4.Count > 0 ? it.Item4[0] : null));

        // The longer ones first; one sign of equality says the same as two.
        var compares = OneOf(Sign("<=", Operator.LessOrEqual), Sign("<", Operator.Less), Sign(">=", Operator.GreaterOrEqual),
            Sign(">", Operator.Greater), Sign("==", Operator.Equal), Sign("=", Operator.Equal), Sign("!=", Operator.NotEqual));
        var comparison = compares.And(sum)
            .Then<Func<Syntax, Syntax>>(static it => left => new BinarySyntax(it.Item1, left, it.Item2));
        return OneOf(comparison, reach, between, isIn);
    }

    private static Syntax Negated(bool isNegated, Syntax inner) =>
        isNegated ? new UnarySyntax(inner.Position, Operator.Not, inner) : inner;

    private static Parser<Operator> Sign(string text, Operator with) => Terms.Text(text).Then(_ => with);

    private static Parser<Syntax> Joined(Parser<Syntax> operand, params Operator[] operators) =>
        operand.LeftAssociative([.. operators.Select(it => (
            Terms.Text(it.Symbol()),
            (Func<Syntax, Syntax, Syntax>)((left, right) => new BinarySyntax(it, left, right))))]);

    private static int Kind(TextSpan word) => Array.FindIndex(GroupKinds.Words, kind => word.Span.SequenceEqual(kind));

    // A word that may be a name as well where no other piece of the grammar begins so.
    private static Parser<TextSpan> Word(string word)
    {
        Used.Add(word);
        return Name.When((_, it) => it.Span.SequenceEqual(word));
    }

    // Where a word has begun a form, another must follow.
    private static Parser<string> Must(string word) => Keyword(word).ElseError(word);

    private static Parser<string> Keyword(string word)
    {
        Used.Add(word);
        return Terms.Keyword(word);
    }

    /// <summary>A number and what makes a condition of it.</summary>
    /// <remarks>Nothing follows what is a condition already: <c>count of members where absent(10m) &gt;= 2</c>.</remarks>
    private sealed class Relation(Parser<Syntax> sum, Parser<Func<Syntax, Syntax>> relations) : Parser<Syntax>
    {
        public override bool Parse(ParseContext context, ref ParseResult<Syntax> result)
        {
            if (!sum.Parse(context, ref result))
            {
                return false;
            }

            var relation = default(ParseResult<Func<Syntax, Syntax>>);
            if (!result.Value.IsCondition && relations.Parse(context, ref relation))
            {
                result.Set(result.Start, relation.End, relation.Value(result.Value));
            }

            return true;
        }
    }
}
