using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Rules.Scoring;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Scoring;

/// <summary>Minutes since the start everywhere; the grace is ten.</summary>
public sealed class ScorerTests
{
    private static readonly Timestamp Start = Timestamp.FromUnixMilliseconds(1_767_225_600_000);

    [Fact]
    public void Alert_WithinTheIncident_FindsItAfterItsDelay()
    {
        var score = Score([Incident(100, 160)], [Alert(112, 150)]);
        Assert.Equal((1, 1, 1, 0), (score.Total.Incidents, score.Total.Found, score.Total.TrueAlerts, score.Total.FalseAlarms));
        Assert.Equal((1.0, 1.0), (score.Total.Precision, score.Total.Recall));
        Assert.Equal(TimeSpan.FromMinutes(12), score.Total.Delays.Mean);
        Assert.Empty(score.Missed);
    }

    [Theory]
    [InlineData(170, true)]
    [InlineData(171, false)]
    public void Alert_AfterTheIncident_CountsWithinTheGrace(int raised, bool counts)
    {
        var score = Score([Incident(100, 160)], [Alert(raised, raised + 5)]);
        Assert.Equal((counts ? 1 : 0, counts ? 0 : 1), (score.Total.Found, score.Total.FalseAlarms));
        Assert.Equal(counts ? 70 : 0, score.Total.Delays.Mean.TotalMinutes);
    }

    [Theory]
    [InlineData(90, 101, true)]
    [InlineData(95, 100, true)]
    [InlineData(95, 99, false)]
    [InlineData(89, 130, false)]
    public void Alert_BeforeTheIncident_CountsWithinTheGraceIfItStillFires(int raised, int ended, bool counts)
    {
        var score = Score([Incident(100, 160)], [Alert(raised, ended)]);
        Assert.Equal((counts ? 1 : 0, counts ? 0 : 1), (score.Total.Found, score.Total.FalseAlarms));
        Assert.Equal(TimeSpan.Zero, score.Total.Delays.Mean);
    }

    [Fact]
    public void Alert_ThatFiresOn_StandsForTheIncidentThatFollowsSoon()
    {
        var score = Score([Incident(100, 120), Incident(125, 150), Incident(158, 170)], [Alert(104, null)]);
        Assert.Equal((3, 1, 0), (score.Total.Found, score.Total.TrueAlerts, score.Total.FalseAlarms));
        Assert.Equal([4, 0, 0], [score.Total.Delays.Percentile95.TotalMinutes, score.Total.Delays.Median.TotalMinutes, score.Missed.Count]);
    }

    [Fact]
    public void Alert_ThatNeverEnds_FindsOneIncidentAndNotAllThatFollow()
    {
        var score = Score([Incident(100, 120), Incident(200, 220), Incident(300, 320)], [Alert(104, null)]);
        Assert.Equal((1, 1, 1.0), (score.Total.Found, score.Total.TrueAlerts, score.Total.Precision));
        Assert.Equal(["200", "300"], score.Missed.Select(incident => incident.Id));
    }

    [Fact]
    public void Alerts_SeveralForOneIncident_AreAllTrueAndTheFirstGivesTheDelay()
    {
        var score = Score([Incident(100, 160)], [Alert(130, 131), Alert(110, 111), Alert(150, null)]);
        Assert.Equal((1, 3, 0), (score.Total.Found, score.Total.TrueAlerts, score.Total.FalseAlarms));
        Assert.Equal(10, score.Total.Delays.Mean.TotalMinutes);
    }

    [Fact]
    public void Silence_ConcernsEveryMetricOfItsDeviceAndNoOtherDevice()
    {
        var silence = Incident(100, 160) with { Metric = "*", Kind = "dropout" };
        Assert.Equal(1, Score([silence], [Alert(105, null) with { Metric = "humidity" }]).Total.Found);
        var other = Score([silence], [Alert(105, null) with { Device = "e" }]);
        Assert.Equal((0, 1), (other.Total.Found, other.Total.FalseAlarms));
    }

    [Fact]
    public void Alert_AboutAnotherMetric_FindsNothing()
    {
        var score = Score([Incident(100, 160)], [Alert(105, null) with { Metric = "humidity" }]);
        Assert.Equal((0, 1), (score.Total.Found, score.Total.FalseAlarms));
    }

    [Fact]
    public void Alert_DuringWhatMustBeBorne_IsAFalseAlarmOfThatKind()
    {
        var quiet = Incident(100, 160) with { Kind = "defrost", MustAlert = false };
        var brief = Incident(104, 104) with { Kind = "reorder", MustAlert = false };
        var score = Score([quiet, brief], [Alert(105, 110), Alert(300, 310)]);
        Assert.Equal([quiet, null], score.FalseAlarms.Select(alarm => alarm.During));
        Assert.Equal([("defrost", 1), ("reorder", 0)], score.Kinds.Select(kind => (kind.Name, kind.FalseAlarms)));
        Assert.Equal((null, 0.0), (score.Total.Recall, score.Total.Precision));
        Assert.Equal(1, score.Quiet["defrost"]);
    }

    [Fact]
    public void Rule_IsMeasuredAgainstTheIncidentsOnItsOwnSeries()
    {
        var score = Score(
            [Incident(100, 160), Incident(400, 460) with { Device = "e" }, Incident(700, 760)],
            [Alert(105, 110), Alert(405, 410) with { Rule = "other", Device = "e" }],
            [new("rule", "d", "v"), new("other", "e", "v")]);
        Assert.Equal([("rule", 2, 1), ("other", 1, 1)], score.Rules.Select(rule => (rule.Name, rule.Incidents, rule.Found)));
        Assert.Equal((3, 2), (score.Total.Incidents, score.Total.Found));
    }

    [Fact]
    public void NoRules_FindNothingAndDisturbNobody()
    {
        var score = Score([Incident(100, 160)], []);
        Assert.Equal((0.0, null, 0.0), (score.Total.Recall, score.Total.Precision, score.Total.FalseAlarmsPerWeek));
    }

    [Fact]
    public void FalseAlarms_ArePerWeekOfTheWholeRun()
    {
        // The run has 1,000 minutes.
        Assert.Equal(3 * 7 * 1440 / 1000.0, Score([], [Alert(1, 2), Alert(3, 4), Alert(5, null)]).Total.FalseAlarmsPerWeek, 1e-9);
    }

    [Fact]
    public void Delays_AreMeanMedianAndNearestRank()
    {
        var delays = Delays.Of(Enumerable.Range(1, 20).Reverse().Select(minutes => TimeSpan.FromMinutes(minutes)));
        Assert.Equal([20, 10.5, 10.5, 19], [delays.Count, delays.Mean.TotalMinutes, delays.Median.TotalMinutes, delays.Percentile95.TotalMinutes]);
        Assert.Equal(default, Delays.Of([]));
        Assert.Equal(TimeSpan.FromMinutes(7), Delays.Of([TimeSpan.FromMinutes(7)]).Percentile95);
    }

    [Fact]
    public void FoundBy_OnRandomInput_IsWhatALookAtEverythingGives()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var chance = new Random(seed);
            var incidents = Enumerable.Range(0, 40).Select(_ => chance.Next(900)).Order()
                .Select((from, i) => Incident(from, from + chance.Next(60)) with { Id = $"{i}", Metric = chance.Next(3) == 0 ? "w" : "v" })
                .ToList();
            var alerts = Enumerable.Range(0, 30).Select(_ => chance.Next(900))
                .Select(raised => Alert(raised, chance.Next(2) == 0 ? raised + chance.Next(80) : null)).ToList();
            var index = new IncidentIndex(incidents);
            foreach (var alert in alerts)
            {
                Assert.True(
                    LookAtAll(incidents, alert).SequenceEqual(index.FoundBy(alert, Grace).Select(it => it.Incident.Id)),
                    $"seed {seed}, alert {alert}");
            }
        }
    }

    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    private static List<string> LookAtAll(List<Incident> incidents, FiredAlert alert)
    {
        var found = new List<string>();
        var reach = alert.RaisedAt + Grace;
        foreach (var incident in incidents)
        {
            var isOver = incident.To + Grace < alert.RaisedAt;
            var isInReach = incident.From <= reach && (incident.From <= alert.RaisedAt || alert.FiresAt(incident.From));
            if (incident.Metric == alert.Metric && !isOver && isInReach)
            {
                found.Add(incident.Id);
                reach = incident.To + Grace > reach ? incident.To + Grace : reach;
            }
        }

        return found;
    }

    private static Score Score(Incident[] incidents, FiredAlert[] alerts, JudgedSeries[]? judged = null) => Scorer.Compute(new ScoreInput
    {
        Incidents = incidents,
        Alerts = alerts,
        Rules = ["rule", "other"],
        Judged = judged ?? [new("rule", "d", "v")],
        From = Start,
        To = At(1000),
        Grace = Grace,
    });

    private static Incident Incident(int from, int to) => new()
    {
        Id = $"{from}",
        Kind = "warm",
        Device = "d",
        Metric = "v",
        From = At(from),
        To = At(to),
        MustAlert = true,
    };

    private static FiredAlert Alert(int raised, int? ended) =>
        new("rule", "d", "v", At(raised), ended is { } minutes ? At(minutes) : Timestamp.None);

    private static Timestamp At(int minutes) => Start + TimeSpan.FromMinutes(minutes);
}
