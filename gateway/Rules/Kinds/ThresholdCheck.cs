using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules.Kinds;

/// <summary>Finds conditions that can never hold or never end, as far as they compare <c>value</c> with constants.</summary>
internal static class ThresholdCheck
{
    /// <summary>
    /// The unit that <c>value</c> must have for the rule to make sense: the first unit it is compared with. It lets
    /// <c>value &gt; 80 % or value &lt; 5 °C</c> be refused before any series is known.
    /// </summary>
    public static Measure ValueMeasure(Syntax raise, Syntax? clear)
    {
        foreach (var syntax in raise.All().Concat(clear?.All() ?? []).OfType<BinarySyntax>().Where(it => it.Operator.Compares()))
        {
            var literal = syntax is { Left: NameSyntax { Name: "value" }, Right: var right } ? Number(right)
                : syntax is { Right: NameSyntax { Name: "value" }, Left: var left } ? Number(left) : null;
            if (literal is { Unit.Length: > 0 } && UnitText.TryParse(literal.Unit, out var scale))
            {
                return new Measure(scale.Dimension == Dimension.Temperature ? MeasureKind.Point : MeasureKind.Quantity, scale);
            }
        }

        return Measure.Open;
    }

    /// <summary>What to warn of; null when there is nothing.</summary>
    public static (string Key, string Message, string Mend)? Warn(
        TruthNode raise, TruthNode? clear, Syntax raiseSyntax, Syntax? clearSyntax, Measure value)
    {
        if (Probes(raiseSyntax, clearSyntax, value) is not { } probes)
        {
            return null;
        }

        var frames = probes.Select(probe => new Frame(probe, double.NaN, Timestamp.None)).ToList();
        if (frames.TrueForAll(frame => raise.Judge(frame) != Truth.True))
        {
            return ("raise", "No value can make this true, so the rule never fires", "check the limits");
        }

        if (clear is null)
        {
            return frames.TrueForAll(frame => raise.Judge(frame) == Truth.True)
                ? ("raise", "Every value makes this true, so the rule never ends", "check the limits")
                : null;
        }

        if (frames.TrueForAll(frame => clear.Judge(frame) != Truth.True))
        {
            return ("clear", "No value can make this true, so the rule never ends", "check the limits");
        }

        return frames.Exists(frame => clear.Judge(frame) == Truth.True && raise.Judge(frame) == Truth.True)
            ? ("clear", "Some values make both this and 'raise' true, so the rule would end and fire again without end",
                "let 'clear' begin where 'raise' is false")
            : null;
    }

    // Where everything is `value` against constants, the verdict changes only at those constants: looking at each of them
    // and right beside it looks at every case there is.
    private static List<double>? Probes(Syntax raise, Syntax? clear, Measure value)
    {
        var probes = new List<double>();
        foreach (var part in raise.All().Concat(clear?.All() ?? []))
        {
            if (part is BinarySyntax it && it.Operator.Compares())
            {
                var (left, right) = (Number(it.Left), Number(it.Right));
                var literal = it.Left is NameSyntax { Name: "value" } ? right : it.Right is NameSyntax { Name: "value" } ? left : null;
                if (literal is null)
                {
                    return null;
                }

                var limit = InUnitOf(value, literal);
                probes.AddRange([limit, Math.BitIncrement(limit), Math.BitDecrement(limit)]);
            }
        }

        return probes;
    }

    private static double InUnitOf(Measure value, NumberSyntax literal) =>
        value.HasScale && UnitText.TryParse(literal.Unit, out var scale) && literal.Unit.Length > 0
            ? Scale.Convert(literal.Value, scale, value.Scale)
            : literal.Value;

    private static NumberSyntax? Number(Syntax syntax) => syntax switch
    {
        NumberSyntax it => it,
        UnarySyntax { Operator: Operator.Subtract, Operand: NumberSyntax it } => it with { Value = -it.Value },
        _ => null,
    };
}
