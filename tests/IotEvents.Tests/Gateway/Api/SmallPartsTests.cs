using System.Diagnostics.Metrics;
using System.Net;
using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Api;
using IotEvents.Gateway.Api.Metrics;
using IotEvents.Gateway.Api.Streams;
using IotEvents.Gateway.Events;
using Xunit;

namespace IotEvents.Tests.Gateway.Api;

public sealed class GlobTests
{
    [Theory]
    [InlineData("*", "", true)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("a*c", "abbc", true)]
    [InlineData("a*c", "abbd", false)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "ac", false)]
    [InlineData("*b*b*", "abxbx", true)]
    [InlineData("*x", "*yx", true)]
    [InlineData("A", "a", false)]
    public void Matches_PatternAndText_IsAsWritten(string pattern, string text, bool expected) =>
        Assert.Equal(expected, new Glob(pattern).Matches(text));

    [Fact]
    public void Matches_ManyStarsAndNoMatch_EndsSoon() =>
        Assert.False(new Glob(string.Concat(Enumerable.Repeat("a*", 250)) + "b").Matches(new string('a', 4000)));
}

public sealed class HeardTests
{
    [Theory]
    [InlineData(Quality.Good, true)]
    [InlineData(Quality.Suspect, true)]
    [InlineData(Quality.Retained, false)]
    [InlineData(Quality.PossibleDuplicate, false)]
    public void Take_Reading_IsSpeakingWhenItIsFresh(Quality quality, bool expected)
    {
        var heard = new Heard();
        var at = Timestamp.FromUnixMilliseconds(0);

        heard.Take([new Reading(500, quality, at, at, 1)]);

        Assert.Equal(expected, heard.HasSpoken(500));
        Assert.False(heard.HasSpoken(499));
        Assert.False(heard.HasSpoken(100_000));
    }
}

public sealed class PrometheusTextTests : IDisposable
{
    private readonly Meter _meter;
    private readonly PrometheusText _text;

    public PrometheusTextTests()
    {
        var scope = new object();
        _meter = new Meter("IotEvents.Test", null, null, scope);
        _text = new PrometheusText(scope);
    }

    [Fact]
    public void Write_Counter_AddsUpByLabelsAndEndsInTotal()
    {
        var counter = _meter.CreateCounter<long>("iotevents.sent", null, "Sent.");
        counter.Add(2, new KeyValuePair<string, object?>("to", "a\"\\\n"));
        counter.Add(3, new KeyValuePair<string, object?>("to", "a\"\\\n"));

        Assert.Contains(
            "# HELP iotevents_sent_total Sent.\n# TYPE iotevents_sent_total counter\niotevents_sent_total{to=\"a\\\"\\\\\\n\"} 5\n",
            _text.Write(), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Histogram_HasBucketsSumAndCount()
    {
        var histogram = _meter.CreateHistogram("iotevents.commit", "s", "Commits.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        histogram.Record(0.1);
        histogram.Record(0.5);
        histogram.Record(7);

        Assert.Contains(
            "iotevents_commit_seconds_bucket{le=\"0.1\"} 1\niotevents_commit_seconds_bucket{le=\"1\"} 2\n" +
            "iotevents_commit_seconds_bucket{le=\"+Inf\"} 3\niotevents_commit_seconds_sum 7.6\niotevents_commit_seconds_count 3\n",
            _text.Write(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    [InlineData(0.1, "0.1")]
    public void Write_Gauge_IsTheLastValueExactly(double value, string text)
    {
        _meter.CreateObservableGauge("iotevents.level", () => value, null, "Level.");

        Assert.Contains($"iotevents_level {text}\n", _text.Write(), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_MoreLabelSetsThanTheLimit_KeepsTheLimit()
    {
        var counter = _meter.CreateCounter<long>("iotevents.many", null, "Many.");
        for (var i = 0; i <= PrometheusFamily.LabelSetsMax; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("i", i));
        }

        Assert.Equal(PrometheusFamily.LabelSetsMax, _text.Write().Split("iotevents_many_total{").Length - 1);
    }

    public void Dispose()
    {
        _text.Dispose();
        _meter.Dispose();
    }
}

public sealed class HttpOptionsTests
{
    [Fact]
    public void Read_Empty_GivesTheDefaults()
    {
        var (options, errors) = Read("");
        Assert.Equal(new HttpOptions { Hosts = options.Hosts }, options);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 8080), options.Listen);
        Assert.Empty(options.Hosts);
        Assert.True(errors.IsEmpty);
    }

    [Theory]
    [InlineData("connections: 10", true)]
    [InlineData("connections: 9", false)]
    [InlineData("connections: 10001", false)]
    [InlineData("streams: 1000", true)]
    [InlineData("streams: 0", false)]
    [InlineData("body: 64MB", true)]
    [InlineData("body: 999", false)]
    [InlineData("heartbeat: 1s", true)]
    [InlineData("heartbeat: 999ms", false)]
    [InlineData("stall: 5m", true)]
    [InlineData("stall: 301s", false)]
    [InlineData("listen: here", false)]
    [InlineData("strems: 5", false)]
    public void Read_AroundEachLimit_IsJudged(string text, bool good) => Assert.Equal(good, Read(text).Errors.IsEmpty);

    private static (HttpOptions Options, SettingsErrors Errors) Read(string text)
    {
        var errors = new SettingsErrors();
        return (HttpOptions.Read(new SettingsMap(SettingsFile.Parse("gateway.yaml", text, errors), errors)), errors);
    }
}
