using System.Runtime.InteropServices;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.History.Codec;
using Xunit;

namespace IotEvents.Tests.Gateway.History.Codec;

public sealed class RecordedSeriesTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("nab", 12)]
    [InlineData("room-occupancy", 12)]
    [InlineData("air-quality", 13)]
    [InlineData("beijing-pm25", 12)]
    public void Decode_RecordedSeries_GivesEveryBitBack(string set, int series)
    {
        Assert.SkipUnless(RecordedSeries.Folder is not null, "the folder ../shared/data is not there");
        var codec = new ChunkCodec();
        var read = 0;
        foreach (var (name, points) in RecordedSeries.Read(set))
        {
            long bytes = 0;
            foreach (var part in points.Chunk(1024))
            {
                bytes += RoundTrip(codec, name, part);
            }

            output.WriteLine($"{(double)bytes / points.Count,6:0.000} B/point {points.Count,7} points {name}");
            read++;
        }

        Assert.Equal(series, read);
    }

    private static int RoundTrip(ChunkCodec codec, string name, (long Time, double Value)[] points)
    {
        var times = points.Select(point => point.Time).ToArray();
        var values = points.Select(point => point.Value).ToArray();
        var bytes = codec.Encode(times, values, new Quality[times.Length]);
        var (gotTimes, gotValues) = (new long[times.Length], new double[times.Length]);
        var error = ChunkCodec.Decode(bytes, gotTimes, gotValues, new Quality[times.Length]);
        Assert.True(error == ChunkError.None, $"{name}: {error}");
        Assert.True(times.AsSpan().SequenceEqual(gotTimes), name);
        Assert.True(MemoryMarshal.Cast<double, long>(values.AsSpan())
            .SequenceEqual(MemoryMarshal.Cast<double, long>(gotValues)), name);
        return bytes.Length;
    }
}
