using IotEvents.Gateway.Ingest.Mqtt;
using Xunit;

namespace IotEvents.Tests.Gateway.Ingest.Mqtt;

public sealed class PacketFrameTests
{
    [Theory]
    [InlineData("", FrameState.Incomplete)]
    [InlineData("30", FrameState.Incomplete)]
    [InlineData("c000", FrameState.Complete)]
    [InlineData("3080", FrameState.Incomplete)]
    [InlineData("30808001", FrameState.Incomplete)]
    [InlineData("308000", FrameState.Malformed)] // zero in two bytes
    [InlineData("30ff00", FrameState.Malformed)] // 127 in two bytes
    [InlineData("3080808080", FrameState.Malformed)] // a fifth length byte
    [InlineData("30ffffffff", FrameState.Malformed)]
    [InlineData("30ffffff7f", FrameState.Oversize)] // 256 MB
    [InlineData("3080808001", FrameState.Oversize)]
    public void Read_EveryFormOfTheLength_IsJudged(string hex, object state) =>
        Assert.Equal((FrameState)state, PacketFrame.Read(Convert.FromHexString(hex), 65_536, out _));

    [Theory]
    [InlineData(0, 2)]
    [InlineData(127, 2)]
    [InlineData(128, 3)]
    [InlineData(16_383, 3)]
    [InlineData(16_384, 4)]
    [InlineData(2_097_151, 4)]
    [InlineData(2_097_152, 5)]
    public void Read_EveryTruncation_IsIncompleteUntilTheLastByte(int length, int start)
    {
        var packet = RawClient.Packet(0x30, new byte[length]);
        foreach (var have in Enumerable.Range(0, 8).Append(packet.Length - 1).Where(have => have < packet.Length))
        {
            Assert.Equal(FrameState.Incomplete, PacketFrame.Read(packet.AsSpan(0, have), int.MaxValue, out _));
        }

        Assert.Equal(FrameState.Complete, PacketFrame.Read(packet, int.MaxValue, out var frame));
        Assert.Equal(new PacketFrame(0x30, start, length), frame);
        Assert.Equal(packet.Length, frame.TotalLength);
    }

    [Fact]
    public void Read_AtTheLimit_IsTakenAndOneMoreIsNot()
    {
        var packet = RawClient.Packet(0x30, new byte[100]);
        Assert.Equal(FrameState.Complete, PacketFrame.Read(packet, 102, out _));
        Assert.Equal(FrameState.Oversize, PacketFrame.Read(packet, 101, out _));
        Assert.Equal(FrameState.Oversize, PacketFrame.Read(packet.AsSpan(0, 2), 101, out _));
    }
}
