using System.Runtime.InteropServices;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.History.Codec;
using Xunit;

namespace IotEvents.Tests.Gateway.History.Codec;

public sealed class ChunkCodecTests
{
    private readonly ChunkCodec _codec = new();

    [Fact]
    public void Decode_WhatWasEncoded_GivesEveryBitBack()
    {
        for (var seed = 0; seed < 900; seed++)
        {
            var count = seed < 30 ? seed + 1 : new Random(seed).Next(1, ChunkCodec.PointsMax + 1);
            var (times, values, qualities) = Shapes.Make(seed % Shapes.Kinds, seed, count);
            AssertRoundTrip(times, values, qualities, $"seed {seed}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(128)]
    [InlineData(129)]
    [InlineData(130)]
    [InlineData(ChunkCodec.PointsMax)]
    public void Decode_TimesAtBothEndsOfTime_GivesThemBack(int count)
    {
        var times = new long[count];
        Array.Fill(times, long.MaxValue);
        times[0] = long.MinValue;
        AssertRoundTrip(times, new double[count], new Quality[count], $"{count} points");
    }

    [Fact]
    public void Encode_WorstShape_StaysBelowBytesMax()
    {
        var random = new Random(7);
        var times = new long[ChunkCodec.PointsMax];
        var values = new double[ChunkCodec.PointsMax];
        var qualities = new Quality[ChunkCodec.PointsMax];
        for (var i = 0; i < times.Length; i++)
        {
            times[i] = random.NextInt64(long.MinValue, long.MaxValue);
            values[i] = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            qualities[i] = (Quality)(i % 2 == 0 ? 0xFFFF : 0xFFFE);
        }

        Array.Sort(times);
        Assert.InRange(_codec.Encode(times, values, qualities).Length, times.Length * 16, ChunkCodec.BytesMax);
        AssertRoundTrip(times, values, qualities, "worst");
    }

    [Fact]
    public void Encode_ConstantEverySecond_TakesNearlyNothing()
    {
        var times = Seconds(1024);
        var values = new double[1024];
        Array.Fill(values, 21.37);
        Assert.InRange(_codec.Encode(times, values, new Quality[1024]).Length, 1, 40);
    }

    [Fact]
    public void Encode_TwoDecimalsEverySecond_TakesLessThanOneByteAPoint()
    {
        var random = new Random(1);
        var times = Seconds(1024);
        var values = new double[1024];
        var walk = 2137;
        for (var i = 0; i < values.Length; i++)
        {
            walk += random.Next(-5, 6);
            values[i] = walk / 100.0;
        }

        var bytes = _codec.Encode(times, values, new Quality[1024]).Length;
        Assert.True(bytes <= 0.6 * 1024, $"{bytes} bytes for 1024 points");
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(ChunkCodec.PointsMax + 1, ChunkCodec.PointsMax + 1)]
    [InlineData(2, 1)]
    public void Encode_NumberOfPointsOutOfRange_Throws(int times, int values) =>
        Assert.Throws<ArgumentException>(
            () => _codec.Encode(new long[times], new double[values], new Quality[times]).Length);

    [Fact]
    public void Decode_AnyBytes_GivesAnErrorOrPointsInOrder()
    {
        var random = new Random(3);
        var accepted = 0;
        for (var run = 0; run < 20_000; run++)
        {
            var bytes = new byte[random.Next(0, 200)];
            random.NextBytes(bytes);
            accepted += DecodesInOrder(bytes, random.Next(1, 300)) ? 1 : 0;
        }

        Assert.InRange(accepted, 0, 2_000);
    }

    [Fact]
    public void Decode_CutOffAnywhere_GivesAnError()
    {
        for (var kind = 0; kind < Shapes.Kinds; kind++)
        {
            var (times, values, qualities) = Shapes.Make(kind, kind, 200);
            var bytes = _codec.Encode(times, values, qualities).ToArray();
            for (var length = 0; length < bytes.Length; length++)
            {
                Assert.NotEqual(ChunkError.None, Decode(bytes.AsSpan(0, length), 200));
            }

            Assert.Equal(ChunkError.Rest, Decode([.. bytes, 0], 200));
        }
    }

    [Fact]
    public void Decode_ChangedBytes_NeverThrowsAndKeepsTheOrder()
    {
        var random = new Random(5);
        for (var run = 0; run < 20_000; run++)
        {
            var (times, values, qualities) = Shapes.Make(run % Shapes.Kinds, run % 50, 60);
            var bytes = _codec.Encode(times, values, qualities).ToArray();
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            DecodesInOrder(bytes, 60);
        }
    }

    [Theory]
    [InlineData(0, ChunkError.Count)]
    [InlineData(ChunkCodec.PointsMax + 1, ChunkError.Count)]
    [InlineData(1, ChunkError.Times)]
    public void Decode_NothingThere_SaysWhatIsMissing(int count, ChunkError expected) =>
        Assert.Equal(expected, Decode([], count));

    [Fact]
    public void Checksum_AnyFlippedBit_Differs()
    {
        var (times, values, qualities) = Shapes.Make(0, 11, 300);
        var bytes = _codec.Encode(times, values, qualities).ToArray();
        var crc = ChunkChecksum.Compute(1, times[0], times[^1], 300, ChunkCodec.Layout, bytes);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(crc, ChunkChecksum.Compute(1, times[0], times[^1], 300, ChunkCodec.Layout, bytes));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        for (var bit = 0; bit < 64; bit++)
        {
            var flip = 1L << bit;
            Assert.NotEqual(crc, ChunkChecksum.Compute(1, times[0] ^ flip, times[^1], 300, ChunkCodec.Layout, bytes));
            Assert.NotEqual(crc, ChunkChecksum.Compute(1, times[0], times[^1] ^ flip, 300, ChunkCodec.Layout, bytes));
        }

        for (var bit = 0; bit < 32; bit++)
        {
            var flip = 1 << bit;
            Assert.NotEqual(crc, ChunkChecksum.Compute(1 ^ flip, times[0], times[^1], 300, ChunkCodec.Layout, bytes));
            Assert.NotEqual(crc, ChunkChecksum.Compute(1, times[0], times[^1], 300 ^ flip, ChunkCodec.Layout, bytes));
            Assert.NotEqual(crc, ChunkChecksum.Compute(1, times[0], times[^1], 300, ChunkCodec.Layout ^ flip, bytes));
        }
    }

    private static long[] Seconds(int count)
    {
        var times = new long[count];
        for (var i = 0; i < count; i++)
        {
            times[i] = 1_790_000_000_000_000_000 + (i * 1_000_000_000L);
        }

        return times;
    }

    private static ChunkError Decode(ReadOnlySpan<byte> bytes, int count) =>
        ChunkCodec.Decode(bytes, new long[count], new double[count], new Quality[count]);

    private static bool DecodesInOrder(byte[] bytes, int count)
    {
        var times = new long[count];
        if (ChunkCodec.Decode(bytes, times, new double[count], new Quality[count]) != ChunkError.None)
        {
            return false;
        }

        Assert.True(times.Zip(times.Skip(1)).All(pair => pair.First <= pair.Second));
        return true;
    }

    private void AssertRoundTrip(long[] times, double[] values, Quality[] qualities, string what)
    {
        var bytes = _codec.Encode(times, values, qualities);
        var (gotTimes, gotValues, gotQualities) = (new long[times.Length], new double[times.Length], new Quality[times.Length]);
        var error = ChunkCodec.Decode(bytes, gotTimes, gotValues, gotQualities);
        Assert.True(error == ChunkError.None, $"{what}: {error}");
        Assert.True(times.AsSpan().SequenceEqual(gotTimes), $"{what}: times");
        Assert.True(
            MemoryMarshal.Cast<double, long>(values.AsSpan()).SequenceEqual(MemoryMarshal.Cast<double, long>(gotValues)),
            $"{what}: values");
        Assert.True(qualities.AsSpan().SequenceEqual(gotQualities), $"{what}: qualities");
    }
}
