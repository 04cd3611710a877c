using System.Globalization;
using IotEvents.Gateway.Rules.Expressions;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Expressions;

public sealed class WindowConditionTests
{
    private const double Minute = 60;

    /// <summary>Ten readings, one a minute: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9.</summary>
    private static ConditionBench Ramp(string unit = "")
    {
        var bench = new ConditionBench();
        for (var i = 0; i < 10; i++)
        {
            bench.Read(i * Minute, i, "d/m", unit);
        }

        return bench;
    }

    [Theory]
    [InlineData("avg_over_time(3m) == 8")]
    [InlineData("min_over_time(3m) == 7")]
    [InlineData("max_over_time(10m) == 9")]
    [InlineData("sum_over_time(3m) == 24")]
    [InlineData("count_over_time(3m) == 3")]
    [InlineData("median_over_time(4m) == 7.5")]
    [InlineData("quantile_over_time(0.25, 5m) == 6")]
    [InlineData("quantile_over_time(25 %, 5m) == 6")]
    [InlineData("last_over_time(3m) == 9")]
    [InlineData("delta(3m) == 3")]
    [InlineData("increase(3m) == 3")]
    [InlineData("rate(3m) * 60 between 0.999999 and 1.000001")]
    [InlineData("deriv(5m) * 60 between 0.999999 and 1.000001")]
    [InlineData("predict_linear(5m, 2m) between 10.999999 and 11.000001")]
    [InlineData("predict_linear(2m) between 10.999999 and 11.000001")]
    [InlineData("changes(4m) == 3")]
    [InlineData("resets(10m) == 0")]
    [InlineData("stddev_over_time(2m) == 0.5")]
    [InlineData("duration_over_time(4m) == 3 min")]
    [InlineData("not absent(1m) and not absent_over_time(1m)")]
    public void Window_OfARamp_IsWhatPrometheusSays(string condition) => Assert.Equal(Truth.True, Ramp().Judge(condition, 9 * Minute));

    [Theory]
    [InlineData("rate(5m) > 59 °C/h", nameof(Truth.True))]
    [InlineData("rate(5m) > 61 °C/h", nameof(Truth.False))]
    [InlineData("deriv(5m) > 107 degF/h", nameof(Truth.True))]
    [InlineData("deriv(5m) > 109 degF/h", nameof(Truth.False))]
    [InlineData("rate(5m) * 1 h > 59 °C", nameof(Truth.True))]
    [InlineData("delta(3m) > 5.3 degF", nameof(Truth.True))]
    [InlineData("delta(3m) > 5.5 degF", nameof(Truth.False))]
    [InlineData("avg_over_time(3m) > 46 degF", nameof(Truth.True))]
    [InlineData("avg_over_time(3m) > 47 degF", nameof(Truth.False))]
    [InlineData("stddev_over_time(2m) == 0.9 degF", nameof(Truth.True))]
    [InlineData("value - avg_over_time(3m) > 1.7 degF", nameof(Truth.True))]
    [InlineData("count_over_time(3m) > 2.5 and changes(3m) < 300 %", nameof(Truth.True))]
    [InlineData("duration_over_time(4m) > 0.04 h", nameof(Truth.True))]
    public void Window_OfTemperatures_CountsInTheRightUnit(string condition, string expected) =>
        Assert.Equal(expected, Ramp("Cel").Judge(condition, 9 * Minute).ToString());

    [Theory]
    [InlineData("rate(5m) > 5 °C", "A rate of temperature and a temperature cannot be compared")]
    [InlineData("rate(5m) > 5 min", "A rate of temperature and a quantity in s cannot be compared")]
    [InlineData("count_over_time(5m) > 5 °C", "A ratio or count and a temperature cannot be compared")]
    [InlineData("duration_over_time(5m) > 5 °C", "A quantity in s and a temperature cannot be compared")]
    [InlineData("sum_over_time(5m) > 5 °C", "Temperatures have no sum")]
    [InlineData("rate(limit, 5m) > 5", "'limit' has no past to look back on")]
    [InlineData("value reaches 5 L within 4h", "A temperature and a quantity in m^3 cannot be compared")]
    public void Window_WithAnotherUnit_IsRefused(string condition, string problem) =>
        Assert.Equal(problem, Ramp("Cel").With("d", "limit", 5).Bind(condition).Problem);

    [Fact]
    public void Sliding_ReadingExactlyAtItsBegin_HasLeft()
    {
        var bench = Ramp();
        Assert.Equal(Truth.True, bench.Judge("count_over_time(9m) == 9", 9 * Minute));
        Assert.Equal(Truth.True, bench.Judge("min_over_time(9m) == 1", 9 * Minute));
    }

    [Fact]
    public void Count_AsTimePasses_FallsWhenReadingsLeave()
    {
        var bound = Ramp().Bind("count_over_time(3m) < 3");
        Assert.Equal(Truth.False, bound.Judge(9 * Minute));
        Assert.Equal(10 * Minute, bound.NextChange(9 * Minute));
        Assert.Equal(Truth.True, bound.Judge(10 * Minute));
        Assert.Equal(12 * Minute, bound.NextChange(11 * Minute));
        Assert.Null(bound.NextChange(12 * Minute));
        Assert.Equal("count_over_time(3m) = 0 over 0 readings", bound.Explain(12 * Minute));
    }

    [Fact]
    public void Absent_AsTimePasses_BecomesTrueWhenTheLastReadingLeaves()
    {
        var bound = Ramp().Bind("absent(5m)");
        Assert.Equal(Truth.False, bound.Judge(9 * Minute));
        Assert.Equal(14 * Minute, bound.NextChange(9 * Minute));
        Assert.Equal(Truth.False, bound.Judge((14 * Minute) - 0.001));
        Assert.Equal(Truth.True, bound.Judge(14 * Minute));
        Assert.Null(bound.NextChange(14 * Minute));
        Assert.StartsWith("absent(5m) = true, last reading 2026-03-01T12:09:00", bound.Explain(14 * Minute), StringComparison.Ordinal);
    }

    [Fact]
    public void Functions_BeforeTheFirstReading_AreUnknown()
    {
        var bench = new ConditionBench();
        foreach (var name in WindowFunctions.Names)
        {
            var function = WindowFunctions.Find(name)!;
            var condition = function.Result == WindowResult.Condition ? $"{name}(5m)"
                : function.TakesPart ? $"{name}(0.5, 5m) > 0" : $"{name}(5m) > 0";
            Assert.True(bench.Judge(condition, 0) == Truth.Unknown, condition);
        }

        Assert.Equal(Truth.Unknown, bench.Judge("value reaches 5 within 4h", 0));
    }

    [Fact]
    public void Functions_OfOneReading_AreUnknownWhereTheyNeedTwo()
    {
        var bench = new ConditionBench().Read(0, 5);
        foreach (var condition in new[] { "rate(5m) > 0", "increase(5m) > 0", "delta(5m) > 0", "deriv(5m) > 0", "predict_linear(5m) > 0" })
        {
            Assert.True(bench.Judge(condition, 0) == Truth.Unknown, condition);
        }

        Assert.Equal(Truth.Unknown, bench.Judge("value reaches 9 within 4h", 0));
        Assert.Equal(Truth.True, bench.Judge("value reaches 5 within 4h", 0));
    }

    [Fact]
    public void Tumbling_Window_IsTheLastThatEnded()
    {
        // The start is a full hour in UTC.
        var bound = Ramp().Bind("avg_over_time(tumbling 5m) > 0");
        Assert.Equal("avg_over_time(tumbling 5m) = unknown over 0 readings", bound.Explain(4 * Minute));
        Assert.Equal("avg_over_time(tumbling 5m) = 2 over 5 readings", bound.Explain(5 * Minute));
        Assert.Equal("avg_over_time(tumbling 5m) = 2 over 5 readings", bound.Explain((10 * Minute) - 1));
        Assert.Equal("avg_over_time(tumbling 5m) = 7 over 5 readings", bound.Explain(10 * Minute));
        Assert.Equal("avg_over_time(tumbling 5m) = unknown over 0 readings", bound.Explain(15 * Minute));
        Assert.Equal(10 * Minute, bound.NextChange(9 * Minute));
        Assert.Equal(15 * Minute, bound.NextChange(10 * Minute));
        Assert.Null(bound.NextChange(15 * Minute));
    }

    [Fact]
    public void Session_Window_BeginsAfterTheLastGap()
    {
        var bench = new ConditionBench();
        foreach (var second in new[] { 0, 60, 120, 300, 360, 480 })
        {
            bench.Read(second, second / 60);
        }

        const string condition = "duration_over_time(session 2m) > 0";
        Assert.Equal("duration_over_time(session 2m) = 180 s over 3 readings", bench.Explain(condition, 480));

        // A gap of exactly two minutes does not end it; silence does not either, until something comes after it.
        Assert.Equal("duration_over_time(session 2m) = 180 s over 3 readings", bench.Explain(condition, 3600));
        Assert.Null(bench.Bind(condition).NextChange(480));
        Assert.Equal("avg_over_time(session 2m max 150s) = 7 over 2 readings", bench.Explain("avg_over_time(session 2m max 150s) > 0", 480));
        bench.Read(700, 1);
        Assert.Equal("duration_over_time(session 2m) = 0 s over 1 reading", bench.Explain(condition, 700));
    }

    [Fact]
    public void Other_Series_IsLookedBackOn()
    {
        var bench = Ramp().Read(0, 50, "d/humidity", "%RH").Read(60, 70, "d/humidity").Read(60, 3, "outside/t", "Cel");
        Assert.Equal(Truth.True, bench.Judge("avg_over_time(humidity, 5m) > 59 %RH", 60));
        Assert.Equal(Truth.True, bench.Judge("max_over_time(metric(\"humidity\"), 5m) > 0.69", 60));
        Assert.Equal(Truth.True, bench.Judge("avg_over_time(device(\"outside\").t, 5m) < 40 degF", 60));
        Assert.Equal(Truth.True, bench.Judge("quantile_over_time(0.5, humidity, 5m) == 60", 60));
        Assert.Equal(Truth.True, bench.Judge("absent(device(\"outside\").t, 2m)", 180));
        Assert.Equal(Truth.Unknown, bench.Judge("absent(device(\"never\").t, 2m)", 180));
    }

    [Fact]
    public void Bind_AWindow_AsksToKeepItsReadings()
    {
        var bench = Ramp();
        bench.Bind("rate(7m) > 0");
        Assert.Equal(TimeSpan.FromMinutes(7), bench.Series("d/m").Kept);
        bench.Bind("rate(tumbling 6m) > 0");
        Assert.Equal(TimeSpan.FromMinutes(12), bench.Series("d/m").Kept);
        bench.Bind("rate(session 2m max 4h) > 0");
        Assert.Equal(TimeSpan.FromHours(4), bench.Series("d/m").Kept);
        bench.Bind("rate(session 2m) > 0");
        Assert.Equal(TimeSpan.FromDays(1), bench.Series("d/m").Kept);
        bench.Bind("value reaches 5 within 50h over 49h");
        Assert.Equal(TimeSpan.FromHours(49), bench.Series("d/m").Kept);
    }

    [Fact]
    public void Steps_OfAWindow_AreTakenOncePerMoment()
    {
        var bench = Ramp();
        var bound = bench.Bind("avg_over_time(5m) > 0 or avg_over_time(5m) > 1");
        bench.Steps.Refill();
        _ = bound.Node.Judge(bound.Frame(540));
        _ = bound.Node.Judge(bound.Frame(540));
        bench.Steps.Take(1_000_000 - 5);
        Assert.Throws<StepBudgetException>(() => bench.Steps.Take(1));
    }

    [Fact]
    public void Sliding_AgainstAListOfReadings_SameResult()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var bench = new ConditionBench();
            var readings = new List<(int Time, double Value)>();
            var time = 0;
            for (var i = 0; i < 40; i++)
            {
                time += random.Next(0, 9);
                readings.Add((time, random.Next(0, 20)));
                bench.Read(time, readings[^1].Value);
                int window = random.Next(1, 40), now = time + random.Next(0, 10);
                var inside = readings.Where(it => it.Time > now - window && it.Time <= now).Select(it => it.Value).ToList();
                foreach (var (name, expected) in new (string, double?)[]
                {
                    ("avg", inside.Count == 0 ? null : inside.Average()), ("max", inside.Count == 0 ? null : inside.Max()),
                    ("sum", inside.Count == 0 ? null : inside.Sum()), ("count", inside.Count),
                })
                {
                    var text = bench.Explain($"{name}_over_time({window}s) > 0", now);
                    var number = expected is { } it ? it.ToString("0.######", CultureInfo.InvariantCulture) : "unknown";
                    var isThere = text.Contains($"= {number} over {inside.Count} reading", StringComparison.Ordinal);
                    Assert.True(isThere, $"seed {seed}, {now}: {text}, not {number}");
                }
            }
        }
    }

    [Theory]
    [InlineData("value reaches 12 within 4m", nameof(Truth.True))]
    [InlineData("value reaches 14 within 4m", nameof(Truth.False))]
    [InlineData("value reaches 9 within 1s over 5m", nameof(Truth.True))]
    [InlineData("value falls to 5 within 4h", nameof(Truth.False))]
    [InlineData("value falls to 9 within 4m", nameof(Truth.True))]
    [InlineData("value reaches 50 % of capacity within 4m", nameof(Truth.True))]
    [InlineData("value reaches 80 % of capacity within 4m", nameof(Truth.False))]
    public void Reach_OfARamp_FollowsItsLine(string condition, string expected) =>
        Assert.Equal(expected, Ramp().With("d", "capacity", 20).Judge(condition, 9 * Minute).ToString());

    [Fact]
    public void Reach_LineBeyondTheTargetThatLeadsAway_IsNotReached()
    {
        // The last value lies below 5, the line of the five above it but falling.
        var bench = new ConditionBench().Read(0, 20).Read(60, 16).Read(120, 12).Read(180, 11).Read(240, 4);
        Assert.Equal(Truth.False, bench.Judge("value reaches 4.5 within 1s over 5m", 240));
        Assert.Equal(Truth.True, bench.Judge("value falls to 3 within 5m", 240));
        Assert.Equal("value = 4, value in 5m = -13.3 by its line over 5m, to reach 3", bench.Explain("value falls to 3 within 5m", 240));
    }
}
