using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>What is known about the unit of a number in an expression.</summary>
internal enum MeasureKind
{
    /// <summary>Nothing yet: its series has not appeared. Fits everything.</summary>
    Open = 0,

    /// <summary>It has no unit and is taken in the unit of what it meets.</summary>
    Plain,

    /// <summary>A quantity without the question of where its zero is.</summary>
    Quantity,

    /// <summary>A temperature: 20 °C is 68 °F.</summary>
    Point,

    /// <summary>A difference of temperatures: 20 °C of difference are 36 °F of difference.</summary>
    Difference,

    /// <summary>A temperature as written, <c>5 °C</c>: what it is compared with decides which of the two it is.</summary>
    PointOrDifference,
}

/// <summary>The unit of a number in an expression, as far as it is known.</summary>
internal readonly record struct Measure(MeasureKind Kind, Scale Scale)
{
    /// <summary>Not known yet.</summary>
    public static readonly Measure Open = new(MeasureKind.Open, default);

    /// <summary>A number without a unit.</summary>
    public static readonly Measure Plain = new(MeasureKind.Plain, default);

    /// <summary>How many of something.</summary>
    public static readonly Measure Count = new(MeasureKind.Quantity, new Scale(Dimension.One, 1, 0));

    /// <summary>A length of time in seconds.</summary>
    public static readonly Measure Seconds = new(MeasureKind.Quantity, new Scale(Dimension.Time, 1, 0));

    /// <summary>True when there is a unit.</summary>
    public bool HasScale => Kind > MeasureKind.Plain;

    /// <summary>True for the three kinds of temperature.</summary>
    public bool IsTemperature => Kind >= MeasureKind.Point;

    /// <summary>Of a series' values.</summary>
    public static Measure OfSeries(Unit unit) => Of(unit, MeasureKind.Point);

    /// <summary>Of a number in an expression or an attribute.</summary>
    public static Measure OfLiteral(Unit unit) => Of(unit, MeasureKind.PointOrDifference);

    /// <summary>Of a number written with a unit that may be a compound one.</summary>
    public static Measure OfLiteral(Scale scale) =>
        new(scale.Dimension == Dimension.Temperature ? MeasureKind.PointOrDifference : MeasureKind.Quantity, scale);

    /// <summary>Of the difference of two such numbers.</summary>
    public Measure Differences() =>
        IsTemperature ? new Measure(MeasureKind.Difference, Scale.WithoutOffset) : this;

    /// <summary>Of such a difference in each second; a number without a unit has none then either.</summary>
    public Measure PerSecond() => HasScale
        ? new Measure(MeasureKind.Quantity, new Scale(Scale.Dimension / Dimension.Time, Scale.Factor, 0))
        : this;

    /// <summary>In words, for errors.</summary>
    public string Describe() => Kind switch
    {
        MeasureKind.Open or MeasureKind.Plain => "a plain number",
        MeasureKind.Difference => "a difference of temperatures",
        MeasureKind.Point or MeasureKind.PointOrDifference => "a temperature",
        _ when Scale.Dimension == Dimension.One => "a ratio or count",
        _ when Scale.Dimension == Dimension.Temperature / Dimension.Time => "a rate of temperature",
        _ => $"a quantity in {Scale.Dimension}",
    };

    private static Measure Of(Unit unit, MeasureKind temperature) =>
        !unit.IsKnown ? Plain
        : new Measure(unit.Dimension == Dimension.Temperature ? temperature : MeasureKind.Quantity, Scale.Of(unit));
}
