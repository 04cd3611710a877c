using System.Globalization;
using IotEvents.Gateway.Rules.Expressions;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Expressions;

/// <summary>Random conditions are written and read again; random garbage is refused and never throws.</summary>
public sealed class SyntaxRoundTripTests
{
    private const int Trees = 4000;

    private static readonly string[] Names = ["value", "previous", "change", "humidity", "memory.total", "_x1", "count", "rate",
        "members", "session"];
    private static readonly string[] UnitNames = ["", "°C", "degF", "%", "%RH/h", "m", "in", "L/min", "m²", "W/m2"];
    private static readonly string[] Texts = ["hamburg", "", "a \"b\"", "it's", "back\\slash", "freezer-*", "ü"];
    private static readonly TimeSpan[] Times = [TimeSpan.FromSeconds(90), TimeSpan.FromMinutes(5),
        TimeSpan.FromMilliseconds(1500), TimeSpan.FromDays(2)];

    [Fact]
    public void Write_AnyTree_IsReadAsTheSame()
    {
        for (var seed = 0; seed < Trees; seed++)
        {
            var tree = Condition(new Random(seed), 4);
            var text = SyntaxText.Write(tree);
            if (text.Length > ExpressionParser.CharactersMax)
            {
                continue;
            }

            var read = ExpressionParser.Parse(text, out var problem);
            Assert.True(problem is null, $"seed {seed}: {text}\n{problem}");
            Assert.True(Dump(tree) == Dump(read!), $"seed {seed}: {text}\n{Dump(tree)}\n{Dump(read!)}");
        }
    }

    [Fact]
    public void Parse_Garbage_IsRefusedOrReadAndNeverThrows()
    {
        string[] pieces =
        [
            "value", "(", ")", "not ", "-", "5", "5m", "1h30m", ".", "°C", "%", " of ", " and ", " or ", "<", "==", "\"", "'a'", "device(", "label.x",
            " in ", " between ", " reaches ", " falls to ", " within ", " over ", " where ", "any of ", "count of ", "members", "avg_over_time(",
            "tumbling ", "session ", " max ", ",", "[", "\\", "é", "\u0007", "\ud83d", "  ", "rate(", "metric(", "9e999", "0x", "absent(",
        ];
        for (var seed = 0; seed < Trees; seed++)
        {
            var random = new Random(seed);
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 30)).Select(_ => pieces[random.Next(pieces.Length)]));
            var read = ExpressionParser.Parse(text, out var problem);
            Assert.True((read is null) == (problem is not null), $"seed {seed}: {text}");
            Assert.True(problem is null || (problem.Position <= text.Length && problem.Mend.Length > 0), $"seed {seed}: {text}\n{problem}");
            if (read is not null)
            {
                // What is read is bound or refused; neither throws.
                var node = Binder.Bind(read, new OpenScope(Measure.Open), new BoundParts(), out problem);
                Assert.True((node is null) == (problem is not null), $"seed {seed}: {text}");
                Assert.True(problem is null || problem.Position <= text.Length, $"seed {seed}: {text}\n{problem}");
            }
        }
    }

    [Fact]
    public void Parse_ManyGroupsInOneAnother_DoesNotOverflowTheStack()
    {
        var text = string.Concat(Enumerable.Repeat("any of members where ", 47));
        Assert.Null(ExpressionParser.Parse(text, out var problem));
        Assert.NotNull(problem);
    }

    private static Syntax Condition(Random random, int depth)
    {
        if (depth == 0)
        {
            return new BinarySyntax(Operator.Greater, Name(random), Literal(random));
        }

        return random.Next(11) switch
        {
            0 => new BinarySyntax(Operator.And, Condition(random, depth - 1), Condition(random, depth - 1)),
            1 => new BinarySyntax(Operator.Or, Condition(random, depth - 1), Condition(random, depth - 1)),
            2 => Not(Condition(random, depth - 1)),
            3 => new InSyntax(new NameSyntax(0, "label.site"), [Text(random), Text(random)]),
            4 => new BinarySyntax(Operator.NotEqual, new NameSyntax(0, "label.a_b"), Text(random)),
            5 => new ReachSyntax(Name(random), random.Next(2) == 0, Number(random, depth - 1), Duration(random),
                random.Next(2) == 0 ? null : Duration(random)),
            6 => new CallSyntax(0, "absent", [Duration(random)]),
            7 => new GroupSyntax(0, (GroupKind)random.Next(2), Selector(random), Condition(random, depth - 1)),
            _ => new BinarySyntax((Operator)random.Next((int)Operator.Less, (int)Operator.NotEqual + 1),
                Number(random, depth - 1), Number(random, depth - 1)),
        };
    }

    // The grammar folds two negations into none.
    private static Syntax Not(Syntax inner) =>
        inner is UnarySyntax { Operator: Operator.Not } ? inner : new UnarySyntax(0, Operator.Not, inner);

    private static Syntax Number(Random random, int depth)
    {
        if (depth <= 0)
        {
            return random.Next(2) == 0 ? Name(random) : Literal(random);
        }

        return random.Next(11) switch
        {
            0 => new BinarySyntax(Operator.PartOf, Literal(random), Number(random, depth - 1)),
            1 => new UnarySyntax(0, Operator.Subtract, Number(random, depth - 1)),
            2 => new MetricSyntax(0, random.Next(2) == 0 ? null : Pick(random, Texts), Pick(random, ["m", "odd name", "of", "a.b"])),
            3 => new CallSyntax(0, Pick(random, ["abs", "unknown", "max"]), [Number(random, depth - 1), Number(random, depth - 1)]),
            4 => new CallSyntax(0, "rate", random.Next(2) == 0 ? [Window(random)] : [Name(random), Window(random)]),
            5 => new CallSyntax(0, "predict_linear", [new MetricSyntax(0, "d", "m"), Window(random), Duration(random)]),
            6 => new GroupSyntax(0, (GroupKind)random.Next((int)GroupKind.Count, (int)GroupKind.Stddev + 1), Selector(random),
                random.Next(2) == 0 ? null : Condition(random, depth - 1)),
            _ => new BinarySyntax((Operator)random.Next((int)Operator.Add, (int)Operator.Divide + 1),
                Number(random, depth - 1), Number(random, depth - 1)),
        };
    }

    private static NameSyntax Name(Random random) => new(0, Pick(random, Names));

    private static NumberSyntax Literal(Random random) => new(0, random.Next(5) switch
    {
        0 => random.Next(100),
        1 => random.NextDouble(),
        2 => random.NextDouble() * 1e30,
        3 => random.NextDouble() * 1e-30,
        _ => random.Next(1000) / 10.0,
    }, Pick(random, UnitNames));

    private static TextSyntax Text(Random random) => new(0, Pick(random, Texts));

    private static DurationSyntax Duration(Random random) => new(0, Pick(random, Times));

    private static Syntax Window(Random random) => random.Next(4) switch
    {
        0 => new WindowSyntax(0, WindowKind.Tumbling, Pick(random, Times), null),
        1 => new WindowSyntax(0, WindowKind.Session, Pick(random, Times), null),
        2 => new WindowSyntax(0, WindowKind.Session, Pick(random, Times), Pick(random, Times)),
        _ => Duration(random),
    };

    private static SelectorSyntax Selector(Random random) => random.Next(3) switch
    {
        0 => new SelectorSyntax(0, null, "", []),
        1 => new SelectorSyntax(0, Pick(random, Texts), Pick(random, ["m", "odd name"]), []),
        _ => new SelectorSyntax(0, "*", "m", [new LabelSyntax("site", Pick(random, Texts), false), new LabelSyntax("floor", "floor", true)]),
    };

    private static T Pick<T>(Random random, T[] from) => from[random.Next(from.Length)];

    // Every field of every piece but its position.
    private static string Dump(Syntax syntax) => syntax switch
    {
        NumberSyntax it => string.Create(CultureInfo.InvariantCulture, $"({it.Value:R} {it.Unit})"),
        TextSyntax it => $"<{it.Text}>",
        NameSyntax it => it.Name,
        MetricSyntax it => $"[{it.Device ?? "own"}|{it.Metric}]",
        DurationSyntax it => $"{it.Value}",
        WindowSyntax it => $"({it.Kind} {it.Span} {it.Max})",
        CallSyntax it => $"({it.Name}: {string.Join(", ", it.Arguments.Select(Dump))})",
        UnarySyntax it => $"({it.Operator} {Dump(it.Operand)})",
        BinarySyntax it => $"({Dump(it.Left)} {it.Operator} {Dump(it.Right)})",
        InSyntax it => $"({Dump(it.Left)} in {string.Join(", ", it.Texts.Select(Dump))})",
        ReachSyntax it => $"({Dump(it.Left)} falls {it.Falls} {Dump(it.Target)} {Dump(it.Within)}"
            + $" {(it.Over is null ? "" : Dump(it.Over))})",
        GroupSyntax it => $"({it.Kind} {it.Of.Device ?? "own"}|{it.Of.Metric}|{string.Join(',', it.Of.Labels)}"
            + $" where {(it.Where is null ? "" : Dump(it.Where))})",
        _ => throw new InvalidOperationException($"{syntax}"),
    };
}
