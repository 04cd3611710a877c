using System.Text;
using IotEvents.Gateway.Rules;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules;

/// <summary>Rows of the first format, as the program of that time wrote them, are taken over by this one.</summary>
public sealed class FormerStateTests
{
    private const string Instance = "697200642F6D";
    private const string Series = "73642F6D";
    private const string Times = "for: 1m\nsummary: too hot\nnotify: [ops]";

    // Written by the engine of commit 412db98, with the readings that each test names.
    private const string Pending = "019CFC981BF2FC5A6802000080D6B3D9B59818";

    private const string PendingSeries = "01000080D6B3D9B598180080D6B3D9B598180000000000005440000000000000F8FF00";

    private const string Firing = "019CFC981BF2FC5A6803000080D6B3D9B5981808006335353638343337020000D81DACE7B598180000000000405440"
        + "0700746F6F20686F741A0076616C7565203E2037353A2076616C756520286D29203D20383101003103006F7073";

    private const string Silent = "01F4F7511E65ECECAF03010080D6B3D9B59818080038666165643836390200002CFAAFE0B59818000000000000344034"
        + "00643A206E6F20757361626C652072656164696E67206F66206D2073696E636520323032362D30332D30315431323A30303A30305A3D0076616C7565"
        + "203E2037353A2076616C756520286D29203D2032303B2073696C656E742073696E636520323032362D30332D30315431323A30303A30305A010030";

    private const string SilentSeries = "01000080D6B3D9B598180080D6B3D9B598180000000000003440000000000000F8FF00";

    private const string Learning = "01BA20E6BD50BC74FC03000080D6B3D9B598180800343037343031373602000080D6B3D9B5981800000000000054400700"
        + "64206D3A2038301A0076616C7565203E2037353A2076616C756520286D29203D203830010030";

    private const string LearningSeries = "010000D81DACE7B5981800D81DACE7B59818000000000000544000000000000054400300C817A80400000000C817"
        + "A804000000" + "00C817A804000000";

    [Fact]
    public void Pending_AfterTheUpgrade_FiresInItsTime()
    {
        // 80 at 0 s, with for: 1m.
        var bench = Upgraded(RuleBench.One("value > 75", Times), 10, Pending, PendingSeries);
        Assert.Equal("raised@60", bench.Tick(60).Log);
        Assert.Equal(RuleFate.Kept, Assert.Single(bench.Receipt!.Lines).Fate);
    }

    [Fact]
    public void Firing_AfterTheUpgrade_EndsUnderItsOwnRaise()
    {
        // 80 at 0 s and 81 at 60 s. Nothing was kept of the series, because nothing needed it.
        var bench = Upgraded(RuleBench.One("value > 75", Times), 70, Firing, null);
        Assert.Equal("", bench.Log);
        var raised = Assert.Single(bench.Engine.Firing);
        Assert.Equal((RuleBench.Start, RuleBench.Start + TimeSpan.FromSeconds(60), 81.0, "too hot"), (raised.Since, raised.RaisedAt, raised.Value, raised.Summary));
        Assert.Equal("recovered@80", bench.Read(80, 70).Log);
        Assert.Equal((raised.RaisedAt, raised.RuleVersion, "ops"), (bench.Transitions[0].RaisedAt, bench.Transitions[0].RuleVersion, Assert.Single(bench.Transitions[0].Notify)));
    }

    [Fact]
    public void FiringForSilence_AfterTheUpgrade_EndsWithAReading()
    {
        // 20 at 0 s, with missing: alert and missing_after: 30s.
        var bench = Upgraded(RuleBench.One("value > 75", "missing: alert\nmissing_after: 30s"), 50, Silent, SilentSeries);
        Assert.Equal("", bench.Tick(500).Log);
        Assert.Equal("recovered@510", bench.Read(510, 20).Log);
    }

    [Fact]
    public void Intervals_AfterTheUpgrade_AreLearnedFrom()
    {
        // 80 at 0, 20, 40 and 60 s, with missing: ok. 13 intervals more make the 16 that it takes.
        var bench = Upgraded(RuleBench.One("value > 75", "missing: ok"), 61, Learning, LearningSeries);
        for (var i = 4; i <= 15; i++)
        {
            bench.Read(i * 20, 80);
        }

        Assert.Null(bench.Engine.CadenceOf(0));
        Assert.NotNull(bench.Read(320, 80).Engine.CadenceOf(0));
        Assert.Equal("", bench.Log);
    }

    [Fact]
    public void Edited_WithTheUpgrade_GoesOnOrEndsAsAnEditDoes()
    {
        Assert.Equal("", Upgraded(RuleBench.One("value > 76", Times), 10, Pending, PendingSeries).Log);
        var ended = Upgraded("rules: []", 70, Firing, null);
        Assert.Equal("rule-changed@70", ended.Log);
        Assert.Equal(RuleFate.Dropped, Assert.Single(ended.Receipt!.Lines).Fate);
    }

    private static RuleBench Upgraded(string rules, double seconds, string instance, string? series)
    {
        var bench = new RuleBench(rules);
        bench.Series("d/m");
        bench.Stored[Name(Instance)] = Convert.FromHexString(instance);
        if (series is not null)
        {
            bench.Stored[Name(Series)] = Convert.FromHexString(series);
        }

        return bench.Restart(seconds);
    }

    private static string Name(string key) => Encoding.Latin1.GetString(Convert.FromHexString(key));
}
