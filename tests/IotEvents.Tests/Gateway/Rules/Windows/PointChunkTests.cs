using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Rules.Windows;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Windows;

public sealed class PointChunkTests
{
    [Fact]
    public void SaveChanges_OnePointMore_WritesOneChunk()
    {
        var ring = Filled(200);
        Assert.Equal([0, 1, 2, 3], ring.SaveChanges().Select(it => it.Chunk));
        Assert.Empty(ring.SaveChanges());
        ring.Add(new Timestamp(200_000_000_000), 1);
        ring.TrimBefore(new Timestamp(3_000_000_000));
        Assert.Equal([3], ring.SaveChanges().Select(it => it.Chunk));
        ring.TrimBefore(new Timestamp(70_000_000_000));
        Assert.Equal([(0, true), (3, false)], ring.SaveChanges().Select(it => (it.Chunk, it.Bytes is null)));
        ring.TrimBefore(new Timestamp(long.MaxValue));
        Assert.Equal([(1, true), (2, true), (3, true)], ring.SaveChanges().Select(it => (it.Chunk, it.Bytes is null)));
        Assert.Empty(ring.SaveChanges());
    }

    [Fact]
    public void Write_ARegularSeries_TakesFewBytes()
    {
        var whole = new PointRing();
        for (var i = 0; i < PointChunk.PointsMax; i++)
        {
            whole.Add(new Timestamp(1_700_000_000_000_000_000 + (i * 10_000_000_000L)), 20 + (i % 3 / 4d));
        }

        // A byte for the step, one for which bytes of the value differ, and those.
        var bytes = Assert.Single(whole.SaveChanges()).Bytes!;
        Assert.True(bytes.Length < PointChunk.PointsMax * 4, $"{bytes.Length} bytes");
    }

    [Fact]
    public void TryRestore_TheFirstAndTheLastInstant_GivesThemBack()
    {
        var ring = new PointRing();
        ring.Add(new Timestamp(long.MinValue + 1), double.MinValue);
        ring.Add(new Timestamp(long.MaxValue), double.MaxValue);
        ring.Add(new Timestamp(long.MaxValue), -0.0);
        var restored = new PointRing();
        Assert.True(restored.TryRestore(ring.SaveChanges().Select(it => (it.Chunk, it.Bytes!))));
        Assert.Equal(ring.All.Times, restored.All.Times);
        Assert.Equal([double.MinValue, double.MaxValue, -0.0], restored.All.Values.ToArray());
        Assert.True(double.IsNegative(restored.All.Values[2]));
    }

    [Fact]
    public void TryRestore_DamagedBytes_IsRefusedAndTheChunksGo()
    {
        var chunks = Filled(150).SaveChanges().Select(it => (it.Chunk, Bytes: it.Bytes!)).ToArray();
        for (var damaged = 0; damaged < chunks.Length; damaged++)
        {
            var bytes = chunks[damaged].Bytes;
            var longer = bytes.Append((byte)0).ToArray();
            var otherVersion = bytes.ToArray();
            otherVersion[0]++;
            foreach (var bad in Enumerable.Range(0, bytes.Length).Select(it => bytes[..it]).Append(longer).Append(otherVersion))
            {
                var all = chunks.ToArray();
                all[damaged].Bytes = bad;
                Refused(all);
            }
        }
    }

    [Fact]
    public void TryRestore_ChunksThatDoNotBelongTogether_AreRefused()
    {
        var chunks = Filled(200).SaveChanges().Select(it => (it.Chunk, Bytes: it.Bytes!)).ToArray();
        Refused(chunks[1..]);
        Refused([chunks[0], chunks[2], chunks[3]]);
        Refused([.. chunks, chunks[3]]);
        Refused([chunks[0], (1, chunks[2].Bytes), (2, chunks[1].Bytes), chunks[3]]);
        Refused([(-1, chunks[0].Bytes)]);
        Refused([(long.MaxValue, chunks[0].Bytes)]);
    }

    [Fact]
    public void TryRestore_RandomBytes_NeverThrows()
    {
        const int seed = 31;
        var random = new Random(seed);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = new byte[random.Next(60)];
            random.NextBytes(bytes);
            if (bytes.Length > 2)
            {
                bytes[0] = 1;
                bytes[2] = (byte)random.Next(4);
            }

            var ring = new PointRing();
            var restored = ring.TryRestore([(random.Next(3), bytes)]);
            Assert.True(restored == (ring.Count > 0), $"seed {seed}, round {round}: {Convert.ToHexString(bytes)}");
        }
    }

    private static void Refused((long Chunk, byte[] Bytes)[] chunks)
    {
        var ring = Filled(10);
        Assert.False(ring.TryRestore(chunks));
        Assert.Equal(0, ring.Count);
        Assert.Equal(0, ring.Dropped);

        // A point takes the number of a chunk that could not be read: that one is written, the others go.
        ring.Add(new Timestamp(5), 5);
        var changes = ring.SaveChanges().ToDictionary(it => it.Chunk, it => it.Bytes);
        Assert.NotNull(changes[0]);
        Assert.All(chunks.Where(it => it.Chunk != 0), it => Assert.Null(changes[it.Chunk]));
        Assert.Empty(ring.SaveChanges());
    }

    private static PointRing Filled(int count)
    {
        var ring = new PointRing();
        for (var i = 0; i < count; i++)
        {
            ring.Add(new Timestamp(i * 1_000_000_000L), i * 0.1);
        }

        return ring;
    }
}
