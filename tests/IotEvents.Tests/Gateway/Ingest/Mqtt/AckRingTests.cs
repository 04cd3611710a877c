using IotEvents.Gateway.Ingest.Mqtt;
using Xunit;

namespace IotEvents.Tests.Gateway.Ingest.Mqtt;

public sealed class AckRingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(20261123)]
    [InlineData(987654321)]
    public void Take_SettledInAnyOrder_LeavesInTheOrderOfTheMessages(int seed)
    {
        var random = new Random(seed);
        var ring = new AckRing(100);
        var waiting = new List<ulong>();
        var settled = new HashSet<ulong>();
        ulong next = 0, taken = 0;
        for (var step = 0; step < 20_000; step++)
        {
            if (random.Next(2) == 0 && !ring.IsFull)
            {
                var tag = ring.Add(PacketType.PubAck, (ushort)(next % ushort.MaxValue));
                Assert.True(tag == next++, $"seed {seed}: tag {tag}");
                waiting.Add(tag);
            }
            else if (waiting.Count > 0)
            {
                var at = random.Next(waiting.Count);
                Assert.True(ring.Settle(waiting[at], 0));
                settled.Add(waiting[at]);
                waiting.RemoveAt(at);
            }

            while (ring.TryTake(out var entry))
            {
                Assert.True(entry.PacketId == (ushort)(taken % ushort.MaxValue), $"seed {seed}: {entry} at {taken}");
                Assert.True(settled.Remove(taken++), $"seed {seed}: {entry} left unsettled");
            }

            Assert.True(!settled.Contains(taken), $"seed {seed}: {taken} is settled and first, but stays");
        }
    }

    [Fact]
    public void Add_Full_IsRefusedUntilOneIsTaken()
    {
        var ring = new AckRing(2);
        var first = ring.Add(PacketType.PubAck, 1);
        ring.Add(PacketType.PubRec, 2);
        Assert.True(ring.IsFull);
        Assert.Throws<InvalidOperationException>(() => ring.Add(PacketType.PubAck, 3));
        Assert.True(ring.Settle(first, 0x90));
        Assert.True(ring.TryTake(out var entry));
        Assert.Equal(new AckRing.Entry(PacketType.PubAck, 1, 0x90, true), entry);
        Assert.False(ring.IsFull);
        Assert.False(ring.TryTake(out _));
    }

    [Fact]
    public void Settle_UnknownTag_ChangesNothing()
    {
        var ring = new AckRing(2);
        Assert.False(ring.Settle(0, 0));
        var tag = ring.Add(PacketType.PubAck, 1);
        Assert.True(ring.Owes(1));
        Assert.True(ring.Settle(tag, 0));
        Assert.True(ring.TryTake(out _));
        Assert.False(ring.Settle(tag, 0));
        Assert.False(ring.Owes(1));
    }
}
