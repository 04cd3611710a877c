using IotEvents.Devices.Contracts;
using IotEvents.Gateway.History.Codec;
using Xunit;

namespace IotEvents.Tests.Gateway.History.Codec;

/// <summary>The worked example of gateway/History/Codec/FORMAT.md, byte by byte.</summary>
public sealed class FormatTests
{
    private static readonly long[] Times = [10_000_000_000, 12_000_000_000, 14_000_000_000, 16_000_000_000];

    private static readonly Quality[] Qualities = [Quality.Good, Quality.Good, Quality.Good, Quality.Suspect];

    [Fact]
    public void Encode_WorkedExample_IsAsDocumented()
    {
        var bytes = new ChunkCodec().Encode(Times, [21.5, 21.75, 21.25, 21.25], Qualities);
        Assert.Equal("8090DFC04A80A8D6B9070000400202CC210047634B800C0000034001", Convert.ToHexString(bytes));
        Assert.Equal(0xB58426BC, ChunkChecksum.Compute(7, Times[0], Times[^1], Times.Length, ChunkCodec.Layout, bytes));
    }
}
