using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules.Kinds;

/// <summary>Finds conditions that can never hold or never end, as far as they compare with constants.</summary>
/// <param name="value">The unit that <c>value</c> is taken in.</param>
/// <param name="isPromised">True when the metric's name promises that unit, and so what values there can be.</param>
internal sealed class ThresholdCheck(Measure value, bool isPromised)
{
    private readonly ValueRange _range = isPromised ? ValueRange.Of(value) : ValueRange.Any;

    /// <summary>
    /// The unit that <c>value</c> must have for the rule to make sense: the first unit it is compared with. It lets
    /// <c>value &gt; 80 % or value &lt; 5 °C</c> be refused before any series is known.
    /// </summary>
    public static Measure ValueMeasure(Syntax raise, Syntax? clear)
    {
        foreach (var syntax in Comparisons(raise, clear))
        {
            if (ValueLimit(syntax) is { Unit.Length: > 0 } literal && UnitText.TryParse(literal.Unit, out var scale))
            {
                var isTemperature = scale.Dimension == Dimension.Temperature;
                return new Measure(isTemperature ? MeasureKind.Point : MeasureKind.Quantity, scale);
            }
        }

        return Measure.Open;
    }

    /// <summary>What to warn of; null when there is nothing.</summary>
    public (string Key, string Message, string Mend)? Warn(Syntax raise, Syntax? clear)
    {
        var probes = Probes(raise, clear);
        if (probes.TrueForAll(probe => Judge(raise, probe) == Truth.False))
        {
            return ("raise", "No value can make this true, so the rule never fires", "check the limits");
        }

        if (clear is null)
        {
            return probes.TrueForAll(probe => Judge(raise, probe) == Truth.True)
                ? ("raise", "Every value makes this true, so the rule never ends", "check the limits")
                : null;
        }

        if (probes.TrueForAll(probe => Judge(clear, probe) == Truth.False))
        {
            return ("clear", "No value can make this true, so the rule never ends", "check the limits");
        }

        return probes.Exists(probe => Judge(clear, probe) == Truth.True && Judge(raise, probe) == Truth.True)
            ? ("clear", "Some values make both this and 'raise' true, so the rule would end and fire again without end",
                "let 'clear' begin where 'raise' is false")
            : null;
    }

    // As far as `value` meets constants, the verdict changes only at those constants: looking at each of them
    // and right beside it looks at every case there is.
    private List<double> Probes(Syntax raise, Syntax? clear)
    {
        var literals = Comparisons(raise, clear).Select(ValueLimit).OfType<NumberSyntax>().ToList();
        if (literals.Count == 0)
        {
            return [double.NaN];
        }

        // A number without a unit is taken in the unit of the series, which may be another than its name promises.
        var range = literals.TrueForAll(literal => literal.Unit.Length > 0) ? _range : ValueRange.Any;
        var probes = new List<double> { range.Low, range.High };
        foreach (var limit in literals.Select(literal => In(value, literal)))
        {
            probes.AddRange([limit, Math.BitIncrement(limit), Math.BitDecrement(limit)]);
        }

        probes.RemoveAll(probe => probe < range.Low || probe > range.High);
        return probes;
    }

    // Kleene's logic over what is sure: a comparison that depends on anything but the value is unknown.
    private Truth Judge(Syntax syntax, double probe)
    {
        switch (syntax)
        {
            case BinarySyntax { Operator: Operator.And or Operator.Or } it:
                var decides = it.Operator == Operator.And ? Truth.False : Truth.True;
                Truth left = Judge(it.Left, probe), right = Judge(it.Right, probe);
                return left == decides || right == decides ? decides : left == Truth.Unknown ? left : right;
            case UnarySyntax { Operator: Operator.Not } it:
                return Judge(it.Operand, probe).Opposite();
            case BinarySyntax it when it.Operator.Compares():
                return ValueLimit(it) is { } limit
                    ? Holds(it, probe, In(value, limit))
                    : ValueRange.Decide(it, value, _range);
            default:
                return Truth.Unknown;
        }
    }

    private static Truth Holds(BinarySyntax syntax, double probe, double limit)
    {
        var with = IsValue(syntax.Left) ? syntax.Operator : syntax.Operator.Mirrored();
        return with.Holds(probe, limit) ? Truth.True : Truth.False;
    }

    private static IEnumerable<BinarySyntax> Comparisons(Syntax raise, Syntax? clear) =>
        raise.Outside().Concat(clear?.Outside() ?? []).OfType<BinarySyntax>().Where(it => it.Operator.Compares());

    /// <summary>The constant that <c>value</c> is compared with; null when it is not.</summary>
    private static NumberSyntax? ValueLimit(BinarySyntax syntax) =>
        IsValue(syntax.Left) ? ValueRange.Constant(syntax.Right) : IsValue(syntax.Right) ? ValueRange.Constant(syntax.Left) : null;

    private static bool IsValue(Syntax syntax) => syntax is NameSyntax { Name: "value" };

    private static double In(Measure measure, NumberSyntax literal) =>
        measure.HasScale && literal.Unit.Length > 0 && UnitText.TryParse(literal.Unit, out var scale)
            ? Scale.Convert(literal.Value, scale, measure.Scale)
            : literal.Value;
}
