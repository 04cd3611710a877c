using System.Text;
using IotEvents.Devices.Contracts;
using IotEvents.Devices.Decoders;
using Xunit;

namespace IotEvents.Tests.Devices.Decoders;

public class DeviceTimeTests
{
    [Theory]
    [InlineData("1700000000", 1700000000000000000)]
    [InlineData("1700000000.25", 1700000000250000000)]
    [InlineData("1.7e9", 1700000000000000000)]
    [InlineData("1700000000123", 1700000000123000000)]
    [InlineData("1700000000123456", 1700000000123456000)]
    [InlineData("1700000000123456789", 1700000000123456789)]
    [InlineData("100000000", 100000000000000000)]
    [InlineData("100000000000", 100000000000000000)]
    [InlineData("2023-11-14T22:13:20Z", 1700000000000000000)]
    [InlineData("2023-11-14t22:13:20z", 1700000000000000000)]
    [InlineData("2023-11-14 22:13:20", 1700000000000000000)]
    [InlineData("2023-11-14T22:13", 1699999980000000000)]
    [InlineData("2023-11-14T23:13:20+01:00", 1700000000000000000)]
    [InlineData("2023-11-14T21:13:20-0100", 1700000000000000000)]
    [InlineData("2023-11-14T23:13:20+01", 1700000000000000000)]
    [InlineData("2023-11-14T22:13:20.123456789Z", 1700000000123456789)]
    [InlineData("2023-11-14T22:13:20.5", 1700000000500000000)]
    [InlineData("2016-12-31T23:59:60Z", 1483228800000000000)]
    [InlineData("2024-02-29T00:00:00Z", 1709164800000000000)]
    [InlineData("1969-12-31T23:59:59Z", -1000000000)]
    public void TryRead_EachForm_GivesTheInstant(string text, long nanoseconds)
    {
        Assert.True(DeviceTime.TryRead(Encoding.UTF8.GetBytes(text), out var time));
        Assert.Equal(new Timestamp(nanoseconds), time);
    }

    [Theory]
    [InlineData("")]
    [InlineData("99999999")]
    [InlineData("-1700000000")]
    [InlineData("99999999999")]
    [InlineData("9300000000000000000")]
    [InlineData("1e300")]
    [InlineData("NaN")]
    [InlineData("2023-11-14")]
    [InlineData("2023-13-14T22:13:20Z")]
    [InlineData("2023-02-29T22:13:20Z")]
    [InlineData("2023-11-14T24:13:20Z")]
    [InlineData("2023-11-14T22:60:20Z")]
    [InlineData("2023-11-14T22:13:61Z")]
    [InlineData("2023-11-14T22:13:20.Z")]
    [InlineData("2023-11-14T22:13:20+24:00")]
    [InlineData("2023-11-14T22:13:20 CET")]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59Z")]
    public void TryRead_NoInstant_Refuses(string text)
    {
        Assert.False(DeviceTime.TryRead(Encoding.UTF8.GetBytes(text), out var time));
        Assert.False(time.HasValue);
    }
}
