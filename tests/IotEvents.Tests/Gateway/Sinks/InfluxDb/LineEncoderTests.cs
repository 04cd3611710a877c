using System.Text;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Sinks.InfluxDb;
using Xunit;

namespace IotEvents.Tests.Gateway.Sinks.InfluxDb;

public sealed class LineEncoderTests
{
    private readonly Batches _batches = new();

    [Fact]
    public void Encode_Reading_IsMeasurementDeviceAndValue() =>
        Assert.Equal("temp,device=hall/7 value=21.5 1800000000000000001\n", Encode("hall/7", "temp", 21.5));

    [Fact]
    public void Encode_Labels_AreTagsInOrderWithoutEmptyAndReservedOnes()
    {
        _batches.Describe("d", ("site", "a b"), ("area", "x"), ("empty", ""), ("device", "no"), ("time", "no"), ("_field", "no"));
        Assert.Equal(@"m,area=x,device=d,site=a\ b value=1 1800000000000000001" + "\n", Encode("d", "m", 1));
    }

    [Fact]
    public void Encode_DeviceIsDescribedAnew_UsesTheNewLabels()
    {
        Assert.Equal("m,device=d value=1 1800000000000000001\n", Encode("d", "m", 1));
        _batches.Describe("d", ("site", "x"));
        var encoder = new LineEncoder(_batches.Catalog, _batches);
        Assert.Equal("m,device=d,site=x value=1 1800000000000000001\n", Encode("d", "m", 1, encoder));
        _batches.Describe("d", ("site", "y"));
        Assert.Equal("m,device=d,site=y value=1 1800000000000000001\n", Encode("d", "m", 1, encoder));
    }

    [Fact]
    public void Encode_RetainedOrDoubtedReading_IsCopiedLikeEveryOther() => Assert.Equal(
        "m,device=d value=1 1800000000000000001\n", Encode("d", "m", 1, quality: Quality.Retained | Quality.Suspect));

    [Fact]
    public void TryEncode_RaiseAndEnd_AreAlertsWithTagsAndTexts()
    {
        var encoder = new LineEncoder(_batches.Catalog, _batches);
        const string Data = """{"alert":"1","rule":"r","device":"d","metric":"m","value":4,"severity":"warning","summary":"a \"b\""}""";

        Assert.True(encoder.TryEncode(Batches.Raised(Data)));
        Assert.Equal(
            "alerts,device=d,kind=raised,metric=m,rule=r,severity=warning reason=\"\",summary=\"a \\\"b\\\"\",value=4 1800000000000000000\n",
            Encoding.UTF8.GetString(encoder.Line));

        var ended = Data.Replace("4,", "null,\"reason\":\"recovered\",", StringComparison.Ordinal);
        Assert.True(encoder.TryEncode(Batches.Raised(ended, EventTypes.ThresholdEnded)));
        Assert.Equal(
            "alerts,device=d,kind=ended,metric=m,rule=r,severity=warning reason=\"recovered\",summary=\"a \\\"b\\\"\" 1800000000000000000\n",
            Encoding.UTF8.GetString(encoder.Line));
    }

    [Theory]
    [InlineData(EventTypes.AlertNotified)]
    [InlineData(EventTypes.DeviceOnline)]
    [InlineData("com.example.other")]
    public void TryEncode_OtherEvent_IsLeftOut(string type) =>
        Assert.False(new LineEncoder(_batches.Catalog, _batches).TryEncode(Batches.Raised("not json", type)));

    private string Encode(string device, string metric, double value, LineEncoder? encoder = null, Quality quality = Quality.Good)
    {
        encoder ??= new LineEncoder(_batches.Catalog, _batches);
        encoder.Encode(new Reading(
            _batches.Series(device, metric), quality, new Timestamp(Batches.Start.Nanoseconds + 1), Batches.Start, value));
        return Encoding.UTF8.GetString(encoder.Line);
    }
}
