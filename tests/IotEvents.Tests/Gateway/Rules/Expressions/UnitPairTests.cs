using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Rules.Expressions;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Expressions;

/// <summary>Every unit beside every other one: they compare exactly when they measure the same, and then the comparison is right.</summary>
public sealed class UnitPairTests
{
    private static readonly double[] Values = [-40, -1.5, 0, 0.01, 1, 37.5, 80, 1e6];

    [Fact]
    public void Compare_EveryPairOfUnits_IsTakenExactlyForTheSameDimension()
    {
        foreach (var series in Units.All)
        {
            foreach (var literal in Units.All)
            {
                var node = Bind(Compare(Operator.Greater, new NameSyntax(0, "value"), 1, literal), series, out var problem);
                Assert.True((node is not null) == (series.Dimension == literal.Dimension), $"{series} beside {literal}: {problem}");
                Assert.True(node is not null || problem!.Position == 8, $"{series} beside {literal}: {problem}");
            }
        }
    }

    [Fact]
    public void Compare_EveryPairOfOneDimension_AgreesWithTheConvertedValue()
    {
        foreach (var series in Units.All)
        {
            foreach (var literal in Units.All.Where(it => it.Dimension == series.Dimension))
            {
                foreach (var value in Values)
                {
                    foreach (var limit in Values)
                    {
                        // Where both sides are the same number in one unit, rounding may tip the scale in another.
                        var inLiteral = series.Convert(value, literal);
                        var inSeries = literal.Convert(limit, series);
                        if (IsSame(inLiteral, limit) || IsSame(inSeries, value))
                        {
                            continue;
                        }

                        var node = Bind(Compare(Operator.Greater, new NameSyntax(0, "value"), limit, literal), series, out _)!;
                        var expected = inLiteral > limit ? Truth.True : Truth.False;
                        Assert.True(expected == node.Judge(new Frame(value, double.NaN, Timestamp.None)), $"{value} {series} > {limit} {literal}");
                    }
                }
            }
        }
    }

    [Fact]
    public void Compare_DifferencesOfEveryPair_AreScaledWithoutTheirZero()
    {
        foreach (var series in Units.All)
        {
            foreach (var literal in Units.All.Where(it => it.Dimension == series.Dimension))
            {
                // Only temperatures have differences of another kind; elsewhere `change` counts as the value does.
                var isTemperature = series.Dimension == Dimension.Temperature;
                var change = isTemperature ? 10 * series.Factor / literal.Factor : series.Convert(10, literal);
                foreach (var limit in new[] { change * 1.01, change * 0.99 })
                {
                    var node = Bind(Compare(Operator.Greater, new NameSyntax(0, "change"), limit, literal), series, out _)!;
                    var expected = change > limit ? Truth.True : Truth.False;
                    Assert.True(expected == node.Judge(new Frame(30, 20, Timestamp.None)), $"10 {series} of change > {limit} {literal}");
                }
            }
        }
    }

    [Fact]
    public void Rate_OfEveryUnit_ComparesWithThatUnitPerTimeAndWithNoOther()
    {
        var perHour = new CallSyntax(0, "rate", [new DurationSyntax(5, TimeSpan.FromMinutes(5))]);
        foreach (var series in Units.All)
        {
            foreach (var literal in Units.All)
            {
                // rate * 1 h is a difference in the unit of the series.
                var difference = new BinarySyntax(Operator.Multiply, perHour, new NumberSyntax(9, 1, "h"));
                var node = Bind(Compare(Operator.Greater, difference, 1, literal), series, out var problem);
                Assert.True((node is not null) == (series.Dimension == literal.Dimension), $"{series} beside {literal}: {problem}");

                var plain = Bind(Compare(Operator.Greater, perHour, 1, literal), series, out problem);
                var isRate = series.Dimension / Dimension.Time == literal.Dimension;
                Assert.True((plain is not null) == isRate, $"{series}/s beside {literal}: {problem}");
            }
        }
    }

    private static bool IsSame(double left, double right) => Math.Abs(left - right) <= 1e-9 * Math.Max(1, Math.Abs(right));

    private static BinarySyntax Compare(Operator with, Syntax left, double limit, Unit unit) =>
        new(with, left, new NumberSyntax(8, limit, unit.Symbol));

    private static TruthNode? Bind(Syntax syntax, Unit series, out ExpressionProblem? problem) =>
        Binder.Bind(syntax, new OpenScope(Measure.OfSeries(series)), new BoundParts(), out problem);
}
