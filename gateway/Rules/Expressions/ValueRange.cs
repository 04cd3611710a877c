using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>The values that a number can have at all, both ends counted in: nature knows no humidity of 120 %.</summary>
internal readonly record struct ValueRange(double Low, double High)
{
    /// <summary>Every value.</summary>
    public static readonly ValueRange Any = new(double.NegativeInfinity, double.PositiveInfinity);

    private static readonly ValueRange NotNegative = new(0, double.PositiveInfinity);

    // By the unit that a metric's name promises, in that unit. Pressure may be negative against the air around, current and
    // energy in the other direction.
    private static readonly (Unit Unit, ValueRange Range)[] Physical =
    [
        (Units.Get("Cel"), new ValueRange(-273.15, double.PositiveInfinity)),
        (Units.Get("%RH"), new ValueRange(0, 100)),
        (Units.Get("lx"), NotNegative),
        (Units.Get("Hz"), NotNegative),
        (Units.Get("ug/m3"), NotNegative),
        (Units.Get("s"), NotNegative),
        (Units.Get("lat"), new ValueRange(-90, 90)),
        (Units.Get("lon"), new ValueRange(-180, 180)),
    ];

    /// <summary>The values that a unit promised by a metric's name allows, in that unit.</summary>
    public static ValueRange Of(Measure promised)
    {
        foreach (var (unit, range) in Physical)
        {
            if (promised.HasScale && promised.Scale == Scale.Of(unit))
            {
                return range;
            }
        }

        return Any;
    }

    /// <summary>The constant that stands here; null when it is none.</summary>
    public static NumberSyntax? Constant(Syntax syntax) => syntax switch
    {
        NumberSyntax it => it,
        UnarySyntax { Operator: Operator.Subtract, Operand: NumberSyntax it } => it with { Value = -it.Value },
        _ => null,
    };

    /// <summary>What a comparison with a constant says, whatever values come; unknown when it depends on them.</summary>
    /// <param name="syntax">The comparison.</param>
    /// <param name="value">The unit of <c>value</c>.</param>
    /// <param name="range">The values that <c>value</c> can have, in that unit.</param>
    public static Truth Decide(BinarySyntax syntax, Measure value, ValueRange range)
    {
        var (with, number, constant) = Constant(syntax.Right) is { } right
            ? (syntax.Operator, syntax.Left, right)
            : (syntax.Operator.Mirrored(), syntax.Right, Constant(syntax.Left));
        var (measure, possible) = Of(number, value, range);
        if (constant is null || possible == Any || LimitIn(measure, constant) is not { } limit)
        {
            return Truth.Unknown;
        }

        var (low, high) = (with.Holds(possible.Low, limit), with.Holds(possible.High, limit));
        return limit >= possible.Low && limit <= possible.High && (low != high || with is Operator.Equal or Operator.NotEqual)
            ? Truth.Unknown
            : low && high ? Truth.True : !low && !high ? Truth.False : Truth.Unknown;
    }

    private static (Measure Measure, ValueRange Range) Of(Syntax syntax, Measure value, ValueRange range) => syntax switch
    {
        NameSyntax { Name: "value" } => (value, range),
        NameSyntax { IsOwn: false, Label: null } it => Promised(it.Name),
        MetricSyntax it => Promised(it.Metric),
        CallSyntax it when WindowFunctions.Find(it.Name) is { } function => function.Result switch
        {
            WindowResult.Count => (Measure.Count, NotNegative),
            WindowResult.Time => (Measure.Seconds, NotNegative),
            WindowResult.Same when !function.TakesAhead =>
                ConditionSyntax.Source(it) is { } of ? Of(of, value, range) : (value, range),
            _ => (Measure.Open, Any),
        },
        GroupSyntax { Kind: GroupKind.Count } => (Measure.Count, NotNegative),
        GroupSyntax { Kind: GroupKind.Avg or GroupKind.Min or GroupKind.Max or GroupKind.Median } it =>
            it.Of.Device is null ? (value, range) : Promised(it.Of.Metric),
        _ => (Measure.Open, Any),
    };

    private static (Measure, ValueRange) Promised(string metric)
    {
        var measure = MetricMeasures.Of(metric);
        return (measure, Of(measure));
    }

    // A number without a unit is taken in the unit of the series, which may be another than its name promises.
    private static double? LimitIn(Measure measure, NumberSyntax constant) =>
        measure == Measure.Count && constant.Unit.Length == 0 ? constant.Value
        : measure.HasScale && constant.Unit.Length > 0 && UnitText.TryParse(constant.Unit, out var scale)
            ? Scale.Convert(constant.Value, scale, measure.Scale)
            : null;
}
