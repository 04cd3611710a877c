using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Cli.Benchmark;
using Xunit;

namespace IotEvents.Tests.Gateway.Cli.Benchmark;

public sealed class AlertScoreTests
{
    private static readonly LabelledWindow[] Windows = [new(At(100), At(200)), new(At(500), At(600))];

    [Theory]
    [InlineData(new int[0], 0, 0)]
    [InlineData(new[] { 100 }, 1, 0)]
    [InlineData(new[] { 200 }, 1, 0)]
    [InlineData(new[] { 99 }, 0, 1)]
    [InlineData(new[] { 201 }, 0, 1)]
    [InlineData(new[] { 100, 150, 200 }, 1, 0)]
    [InlineData(new[] { 50, 120, 300, 400, 550, 700 }, 2, 4)]
    public void Of_AlertsAndWindows_AreComparedByTheBegin(int[] alerts, int found, int falseAlerts)
    {
        var score = Of(alerts);
        Assert.Equal((2, found, alerts.Length, falseAlerts), (score.Windows, score.Found, score.Alerts, score.FalseAlerts));
    }

    [Fact]
    public void Numbers_ByHand()
    {
        // Three of four alerts are true, one of two windows is found; 120 s after its begin.
        var score = AlertScore.Of([new(At(100), At(300)), new(At(500), At(600))], [At(220), At(250), At(300), At(400)], TimeSpan.FromDays(14));
        Assert.Equal((0.75, 0.5, 0.6), (score.Precision!.Value, score.Recall!.Value, Math.Round(score.F1!.Value, 12)));
        Assert.Equal((TimeSpan.FromSeconds(120), TimeSpan.FromSeconds(120)), (score.MeanDelay!.Value, score.MedianDelay!.Value));
        Assert.Equal(2, score.AlertsPerWeek);
    }

    [Fact]
    public void Numbers_NoAlert_HaveNoPrecisionAndNoDelay()
    {
        var score = Of([]);
        Assert.Equal((null, 0.0, 0.0, null, null, 0.0), (score.Precision, score.Recall, score.F1, score.MeanDelay, score.MedianDelay, score.AlertsPerWeek));
    }

    [Fact]
    public void Numbers_OnlyFalseAlerts_AreZero()
    {
        var score = Of([1, 2]);
        Assert.Equal((0.0, 0.0, 0.0), (score.Precision, score.Recall, score.F1));
    }

    [Fact]
    public void Numbers_NoWindow_HaveNoRecall()
    {
        var score = AlertScore.Of([], [At(1)], TimeSpan.Zero);
        Assert.Equal((0.0, null, null, null), (score.Precision, score.Recall, score.F1, score.AlertsPerWeek));
    }

    [Fact]
    public void Sum_CountsEverythingTogether()
    {
        var sum = AlertScore.Sum([Of([110]), Of([130, 150, 540, 900]), AlertScore.Of([], [At(5)], TimeSpan.FromDays(7)), Of([])]);
        Assert.Equal((6, 3, 6, 4), (sum.Windows, sum.Found, sum.Alerts, sum.TrueAlerts));
        Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(80 / 3.0)), (sum.MedianDelay!.Value, sum.MeanDelay!.Value));
        Assert.Equal(1.5, sum.AlertsPerWeek);
    }

    [Fact]
    public void MedianDelay_OfAnEvenNumber_IsTheMiddle() =>
        Assert.Equal(TimeSpan.FromSeconds(25), Of([110, 540]).MedianDelay);

    [Theory]
    [InlineData("", "")]
    [InlineData("1", "1")]
    [InlineData("1 2 3", "1")]
    // Good from 4 on; at 13 it has been so for 9 s, at 14 for 10 s.
    [InlineData("1 - 13", "1")]
    [InlineData("1 - 14", "1 14")]
    // Neither good nor bad at 9: the good time begins anew.
    [InlineData("1 - ~9 - 19", "1")]
    [InlineData("1 - ~9 - 20", "1 20")]
    public void Counter_WhatComesBackSoon_IsTheSameAlert(string bad, string begins)
    {
        var counter = new AlertCounter(TimeSpan.FromSeconds(10));
        var badAt = bad.Split(' ').Where(word => int.TryParse(word, out _)).Select(int.Parse).ToHashSet();
        var between = bad.Contains("~9", StringComparison.Ordinal) ? 9 : -1;
        for (var second = 0; second < 40; second++)
        {
            var isBad = badAt.Contains(second);
            counter.Step(At(second), isBad, !isBad && second != between && second >= 4);
        }

        Assert.Equal(begins, string.Join(' ', counter.Begins.Select(begin => (begin - At(0)).TotalSeconds)));
    }

    private static AlertScore Of(int[] alerts) => AlertScore.Of(Windows, [.. alerts.Select(At)], TimeSpan.FromDays(7));

    private static Timestamp At(int second) => new Timestamp(0) + TimeSpan.FromSeconds(second);
}
