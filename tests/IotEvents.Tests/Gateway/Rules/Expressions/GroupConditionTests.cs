using IotEvents.Gateway.Rules.Expressions;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Expressions;

public sealed class GroupConditionTests
{
    private const string Freezers = "device(\"f*\").t";

    private static ConditionBench Five()
    {
        var bench = new ConditionBench();
        double[] values = [-20, -12, -18, -10, -14];
        for (var i = 0; i < values.Length; i++)
        {
            bench.Read(0, values[i], $"f{i}/t", "Cel").Label($"f{i}", "site", i < 3 ? "hamburg" : "kiel");
        }

        return bench.Read(0, 1, "d/m", "Cel").Label("d", "site", "kiel");
    }

    [Theory]
    [InlineData("any of device(\"f*\").t where value > -11 °C", nameof(Truth.True))]
    [InlineData("any of device(\"f*\").t where value > -9 °C", nameof(Truth.False))]
    [InlineData("all of device(\"f*\").t where value < -9 °C", nameof(Truth.True))]
    [InlineData("all of device(\"f*\").t where value < -11 °C", nameof(Truth.False))]
    [InlineData("count of device(\"f*\").t where value > -15 °C == 3", nameof(Truth.True))]
    [InlineData("count of device(\"f*\").t where value > 5 degF >= 3", nameof(Truth.True))]
    [InlineData("count of device(\"f*\").t == 5", nameof(Truth.True))]
    [InlineData("2 < count of device(\"f*\").t", nameof(Truth.True))]
    [InlineData("avg of device(\"f*\").t == -14.8 °C", nameof(Truth.True))]
    [InlineData("min of device(\"f*\").t == -20 °C and max of device(\"f*\").t == 14 degF", nameof(Truth.True))]
    [InlineData("median of device(\"f*\").t == -14 °C", nameof(Truth.True))]
    [InlineData("stddev of device(\"f*\").t between 3.708 °C and 3.71 °C", nameof(Truth.True))]
    [InlineData("max of device(\"f*\", site = \"hamburg\").t == -12 °C", nameof(Truth.True))]
    [InlineData("max of device(\"f*\", site = \"ham*\").t == -12 °C", nameof(Truth.True))]
    [InlineData("count of device(\"*\", site = label.site).t == 2", nameof(Truth.True))]
    [InlineData("count of device(\"*\", site = label.none).t == 0", nameof(Truth.True))]
    [InlineData("avg of device(\"f*\").t where value < -15 °C == -19 °C", nameof(Truth.True))]
    [InlineData("value > avg of device(\"f*\").t + 15 °C", nameof(Truth.True))]
    [InlineData("any of device(\"f*\").t where label.site == \"kiel\" and value > -11 °C", nameof(Truth.True))]
    [InlineData("(any of device(\"f*\").t where value > -11 °C) and value > 5 °C", nameof(Truth.False))]
    public void Group_OfFive_SaysWhatIsSo(string condition, string expected) =>
        Assert.Equal(expected, Five().Judge(condition, 0).ToString());

    [Fact]
    public void Kleene_WithAnUnknownMember_IsUnknownUnlessDecided()
    {
        var bench = Five();
        bench.Series("f9/t", "Cel");
        Assert.Equal(Truth.True, bench.Judge($"any of {Freezers} where value > -11 °C", 0));
        Assert.Equal(Truth.Unknown, bench.Judge($"any of {Freezers} where value > -9 °C", 0));
        Assert.Equal(Truth.Unknown, bench.Judge($"all of {Freezers} where value < -9 °C", 0));
        Assert.Equal(Truth.False, bench.Judge($"all of {Freezers} where value < -11 °C", 0));
        Assert.Equal(Truth.True, bench.Judge($"count of {Freezers} where value < 0 °C == 5", 0));
        Assert.Equal(Truth.True, bench.Judge($"count of {Freezers} == 6", 0));
        Assert.Equal(Truth.True, bench.Judge($"avg of {Freezers} == -14.8 °C", 0));
    }

    [Fact]
    public void Group_WithoutMembers_IsUnknownAndItsCountIsNought()
    {
        var bench = Five();
        foreach (var condition in new[]
        {
            "any of device(\"x\").t where value > 1", "all of device(\"x\").t where value > 1", "avg of device(\"x\").t > 1",
        })
        {
            Assert.True(bench.Judge(condition, 0) == Truth.Unknown, condition);
        }

        Assert.Equal(Truth.True, bench.Judge("count of device(\"x\").t == 0", 0));
        Assert.Equal(Truth.True, bench.Judge("count of device(\"x\").t where value > 1 == 0", 0));
    }

    [Fact]
    public void Group_MemberThatAppearsLater_Joins()
    {
        var bench = Five();
        var bound = bench.Bind($"count of {Freezers} where value > -15 °C >= 4");
        Assert.Equal(Truth.False, bound.Judge(0));
        bench.Read(5, 20, "f7/t", "degF");
        Assert.Equal(Truth.True, bound.Judge(5));
    }

    [Fact]
    public void Group_FirstMemberOfAll_GivesTheUnitAnew()
    {
        var bench = new ConditionBench().Read(0, 1);
        var bound = bench.Bind("avg of device(\"f*\").t > 80 degF");
        Assert.Equal((Truth.Unknown, false), (bound.Judge(0), bound.Parts.IsOutdated));
        bench.Read(1, 27, "f1/t", "Cel");
        Assert.True(bound.Parts.IsOutdated);
        bound = bench.Bind("avg of device(\"f*\").t > 80 degF");
        Assert.Equal((Truth.True, false), (bound.Judge(1), bound.Parts.IsOutdated));
    }

    [Fact]
    public void Group_SecondMemberInAnotherUnit_LeavesTheUnit()
    {
        var bench = new ConditionBench().Read(0, 1);
        bench.Read(0, 20, "f1/t", "Cel");
        var bound = bench.Bind("avg of device(\"f*\").t > 5 °C");
        Assert.Equal("avg of device(\"f*\").t = 20 °C: 1 of 1: f1 = 20 °C", bound.Explain(0));
        bench.Read(0, 68, "f2/t", "degF");
        Assert.False(bound.Parts.IsOutdated);
        Assert.Equal("avg of device(\"f*\").t = 20 °C: 2 of 2: f1 = 20 °C, f2 = 20 °C", bound.Explain(0));
    }

    [Fact]
    public void Group_MembersInOtherUnits_AreConverted()
    {
        var bench = Five().Read(0, 14, "f8/t", "degF").Read(0, 3, "f9/t", "L");
        Assert.Equal(Truth.True, bench.Judge($"max of {Freezers} == -10 °C", 0));
        Assert.Equal(Truth.True, bench.Judge($"count of {Freezers} where value > -11 °C == 2", 0));
        Assert.Contains("f9: ", bench.Explain($"max of {Freezers} > 0 °C", 0), StringComparison.Ordinal);
        Assert.Equal(Truth.Unknown, bench.Judge($"all of {Freezers} where value < 0 °C", 0));
    }

    [Fact]
    public void Member_Condition_IsJudgedAnewOnlyAfterItsReading()
    {
        var bench = Five();
        var bound = bench.Bind($"count of {Freezers} where avg_over_time(1m) > -15 °C >= 4");
        Assert.Equal(Truth.False, bound.Judge(0));
        bench.Read(100, 0, "f0/t");

        // One step for each member and the group, and one for the reading that the window of the changed one looks at.
        bench.Steps.Refill();
        Assert.Equal(Truth.True, bound.Node.Judge(bound.Frame(100)));
        bench.Steps.Take(1_000_000 - 7);
        Assert.Throws<StepBudgetException>(() => bench.Steps.Take(1));
    }

    [Fact]
    public void Member_ConditionThatLooksElsewhere_IsJudgedEachTime()
    {
        var bench = Five().With("f0", "limit", -21).Read(0, 0, "f1/door");
        var bound = bench.Bind($"any of {Freezers} where door == 1");
        Assert.Equal(Truth.Unknown, bound.Judge(0));
        bench.Read(5, 1, "f1/door");
        Assert.Equal(Truth.True, bound.Judge(5));
        Assert.Equal(Truth.True, bench.Judge($"any of {Freezers} where value > limit", 5));
    }

    [Fact]
    public void Absent_InAGroup_ChangesAsTimePasses()
    {
        var bench = Five().Read(50, -13, "f1/t");
        var bound = bench.Bind($"count of {Freezers} where absent(1m) >= 4");
        Assert.Equal((Truth.False, 60.0), (bound.Judge(50), bound.NextChange(50)));
        Assert.Equal((Truth.True, 110.0), (bound.Judge(60), bound.NextChange(60)));
        Assert.Null(bound.NextChange(110));
        Assert.Equal($"count of {Freezers}: 4 of 5: f0 = -20 °C, f2 = -18 °C, f3 = -10 °C, f4 = -14 °C", bound.Explain(60));
    }

    [Fact]
    public void Explain_ManyMembers_NamesFive()
    {
        var bench = new ConditionBench().Read(0, 1);
        for (var i = 0; i < 9; i++)
        {
            bench.Read(0, i, $"f{i}/t");
        }

        Assert.Equal($"any of {Freezers}: 8 of 9: f1 = 1, f2 = 2, f3 = 3, f4 = 4, f5 = 5, …",
            bench.Explain($"any of {Freezers} where value > 0", 0));
        Assert.Equal($"avg of {Freezers} = 4.5: 8 of 9: f1 = 1, f2 = 2, f3 = 3, f4 = 4, f5 = 5, …",
            bench.Explain($"avg of {Freezers} where value > 0 > 1", 0));
        Assert.Equal("any of device(\"f*\").metric(\"?\"): 1 of 9: f8/t = 8",
            bench.Explain("any of device(\"f*\").metric(\"?\") where value > 7", 0));
    }

    [Fact]
    public void Aggregates_AgainstTheDefinition_SameResult()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var bench = new ConditionBench().Read(0, 1);
            var values = Enumerable.Range(0, random.Next(1, 9)).Select(_ => (double)random.Next(-9, 10)).ToList();
            for (var i = 0; i < values.Count; i++)
            {
                bench.Read(0, values[i], $"f{i}/t");
            }

            var (mean, sorted) = (values.Average(), values.Order().ToList());
            var expected = new Dictionary<string, double>
            {
                ["avg"] = mean,
                ["min"] = sorted[0],
                ["max"] = sorted[^1],
                ["sum"] = values.Sum(),
                ["median"] = (sorted[(values.Count - 1) / 2] + sorted[values.Count / 2]) / 2,
                ["stddev"] = Math.Sqrt(values.Average(value => (value - mean) * (value - mean))),
            };
            foreach (var (word, number) in expected)
            {
                var text = FormattableString.Invariant($"abs({word} of {Freezers} - ({number:R})) < 1e-9");
                Assert.True(bench.Judge(text, 0) == Truth.True, $"seed {seed}: {text}");
            }
        }
    }
}
