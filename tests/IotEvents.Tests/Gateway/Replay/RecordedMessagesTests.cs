using System.Text;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Hosting.Composition;
using IotEvents.Gateway.Normalize;
using IotEvents.Gateway.Replay;
using IotEvents.Tests.TestKit;
using Xunit;

namespace IotEvents.Tests.Gateway.Replay;

public sealed class RecordedMessagesTests
{
    private readonly SeriesCatalog _catalog = new();

    [Fact]
    public void Read_SeveralPayloads_AreDecodedAsTheGatewayDoes()
    {
        var messages = Messages();
        var readings = Read(messages,
            """{"time":"2026-01-01T00:00:00Z","device":"tank-1","transport":"mqtt","address":"field/tank-1/telemetry","payload":"{\"ts\":1767225599000,\"level\":1400,\"temperature\":21.5}"}""",
            "",
            """{"time":"2026-01-01T00:00:01.25Z","address":"field/pump/power","payload":"48.5","more":[1,{"a":2}]}""",
            """{"time":"2026-01-01T00:00:02Z","address":"field/pump/power","payload_base64":"NDk="}""");
        Assert.Equal(
            ["field/tank-1/level 1400 -1 0", "field/tank-1/temperature 21.5 -1 0", "field/pump/power 48.5 1.25 1.25", "field/pump/power 49 2 2"],
            readings);
        Assert.Equal(3, messages.Messages);
        Assert.Equal("field/tank-1", messages.DeviceIds["tank-1"]);
    }

    [Fact]
    public void Read_MessageThatWasHeldBack_CameWithTheLatestBeforeIt()
    {
        Assert.Equal(["d/v 1 10 10", "d/v 2 0 10"], Read(Messages(),
            """{"time":"2026-01-01T00:00:10Z","address":"d/telemetry","payload":"{\"ts\":1767225610000,\"v\":1}"}""",
            """{"time":"2026-01-01T00:00:00Z","address":"d/telemetry","payload":"{\"ts\":1767225600000,\"v\":2}"}"""));
    }

    [Fact]
    public void Read_Garbage_IsCountedAndTimeGoesOn()
    {
        var messages = Messages();
        Assert.Empty(Read(messages, """{"time":"2026-01-01T00:00:07Z","address":"d/telemetry","payload":"{\"v\":"}"""));
        Assert.Equal((1, 1), (messages.Counters.Rejected(RejectReason.Malformed), messages.Messages));
        Assert.Equal(7, Seconds(messages.Last));
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("[1]")]
    [InlineData("{\"time\":\"2026-01-01T00:00:00Z\",\"address\":\"d/v\"}")]
    [InlineData("{\"time\":\"yesterday\",\"address\":\"d/v\",\"payload\":\"1\"}")]
    [InlineData("{\"time\":\"9999-01-01T00:00:00Z\",\"address\":\"d/v\",\"payload\":\"1\"}")]
    [InlineData("{\"time\":\"2026-01-01T00:00:00Z\",\"address\":5,\"payload\":\"1\"}")]
    [InlineData("{\"time\":\"2026-01-01T00:00:00Z\",\"address\":\"d/v\",\"payload_base64\":\"%\"}")]
    public void Read_WhatIsNoMessage_SaysTheLine(string line)
    {
        var error = Assert.Throws<RecordedLineException>(() =>
            Read(Messages(), """{"time":"2026-01-01T00:00:00Z","address":"d/v","payload":"1"}""", line));
        Assert.Equal(2, error.Line);
        Assert.Contains("iotevents-simulator", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_LongLine_IsReadUpToTheLimit()
    {
        var text = new string('x', 3 << 20);
        Assert.Single(Read(Messages(), $$$"""{"time":"2026-01-01T00:00:00Z","address":"d/telemetry","payload":"{\"v\":1,\"t\":\"{{{text}}}\"}"}"""));
        Assert.Throws<RecordedLineException>(() => Read(Messages(), text + text));
    }

    [Fact]
    public void Truth_IsReadWithItsNamesAndItsRun()
    {
        var truth = Truth(
            """{"run":"cellar","seed":7,"from":"2026-01-01T00:00:00Z","to":"2026-01-02T00:00:00Z"}""",
            """{"id":"drift-1/d/1","kind":"drift","device":"d","metric":"v","from":"2026-01-01T01:00:00Z","to":"2026-01-01T02:00:00Z","must_alert":true}""",
            """{"kind":"incident","name":"defrost","device":"d","from":"2026-01-01T03:00:00Z","must_alert":false}""");
        Assert.Equal((86_400.0, 0.0), (Seconds(truth.To), Seconds(truth.From)));
        Assert.Equal(
            ["drift-1/d/1 drift d v 3600 7200 True", "line 3 defrost d * 10800 86400 False"],
            truth.Incidents.Select(it => $"{it.Id} {it.Kind} {it.Device} {it.Metric} {Seconds(it.From)} {Seconds(it.To)} {it.MustAlert}"));
    }

    [Theory]
    [InlineData("{\"kind\":\"drift\",\"from\":\"2026-01-01T01:00:00Z\",\"must_alert\":true}", "'device'")]
    [InlineData("{\"kind\":\"drift\",\"device\":\"d\",\"must_alert\":true}", "'from'")]
    [InlineData("{\"kind\":\"drift\",\"device\":\"d\",\"from\":\"2026-01-01T01:00:00Z\"}", "'must_alert'")]
    [InlineData("{\"kind\":\"drift\",\"device\":\"d\",\"from\":\"2026-01-01T01:00:00Z\",\"to\":\"2026-01-01T00:00:00Z\",\"must_alert\":true}", "ends before")]
    [InlineData("{\"kind\":\"drift\",\"device\":5,\"from\":\"2026-01-01T01:00:00Z\",\"must_alert\":true}", "JSON")]
    [InlineData("drift", "JSON")]
    public void Truth_ThatCannotBe_SaysTheLineAndWhy(string line, string says)
    {
        var error = Assert.Throws<RecordedLineException>(() => Truth(line));
        Assert.Equal(1, error.Line);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    private static TruthFile Truth(params string[] lines) => TruthFile.Read(Stream(lines));

    private RecordedMessages Messages() => new(PayloadDecoderList.Map([]), _catalog, new Normalizer(Some.Directory(), new NormalizeOptions()));

    private List<string> Read(RecordedMessages messages, params string[] lines) =>
        [.. messages.Read(Stream(lines)).Select(it => FormattableString.Invariant(
            $"{_catalog[it.Series]} {it.Value} {Seconds(it.Time)} {Seconds(it.ReceivedAt)}"))];

    private static MemoryStream Stream(string[] lines) => new(Encoding.UTF8.GetBytes(string.Join('\n', lines)));

    private static double Seconds(Timestamp time) => (time - Timestamp.FromUnixMilliseconds(1_767_225_600_000)).TotalSeconds;
}
