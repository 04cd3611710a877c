using System.Text;
using BenchmarkDotNet.Attributes;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.History;
using IotEvents.Gateway.History.Codec;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotEvents.Benchmarks;

/// <summary>The codec alone: one chunk of 1,024 points, two decimals, one second apart.</summary>
[InProcess]
[WarmupCount(2)]
[IterationCount(4)]
[MemoryDiagnoser]
public class ChunkCodecBenchmarks
{
    private readonly ChunkCodec _codec = new();
    private readonly long[] _times = new long[1024];
    private readonly double[] _values = new double[1024];
    private readonly Quality[] _qualities = new Quality[1024];
    private byte[] _bytes = [];

    [Params("decimal", "noise")]
    public string Shape { get; set; } = "decimal";

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        var walk = 2137;
        for (var i = 0; i < _times.Length; i++)
        {
            walk += random.Next(-5, 6);
            _times[i] = 1_790_000_000_000_000_000 + (i * 1_000_000_000L);
            _values[i] = Shape == "decimal" ? walk / 100.0 : random.NextDouble();
        }

        _bytes = _codec.Encode(_times, _values, _qualities).ToArray();
        Console.WriteLine($"// {Shape}: {_bytes.Length / 1024.0:0.000} bytes per point");
    }

    [Benchmark(OperationsPerInvoke = 1024)]
    public int EncodePoint() => _codec.Encode(_times, _values, _qualities).Length;

    [Benchmark(OperationsPerInvoke = 1024)]
    public ChunkError DecodePoint() => ChunkCodec.Decode(_bytes, _times, _values, _qualities);
}

/// <summary>The store: 1,500 series at one second, taken and asked.</summary>
[InProcess]
[WarmupCount(1)]
[IterationCount(3)]
[MemoryDiagnoser]
public class SeriesStoreBenchmarks
{
    private const int SeriesCount = 1500;
    private const int SecondsPerBatch = 4;
    private const int BatchPoints = SeriesCount * SecondsPerBatch;
    private const int DayPoints = 86_400;

    private static readonly Timestamp Origin = Timestamp.FromUnixMilliseconds(1_790_000_000_000);

    private readonly string _folder = Directory.CreateTempSubdirectory("iotevents-bench-").FullName;
    private readonly int[] _walks = new int[SeriesCount];
    private readonly Random _random = new(1);
    private SeriesStore _store = null!;
    private CommittedBatch _batch = null!;
    private long _offset;
    private int _dense;

    [GlobalSetup]
    public void Setup()
    {
        var catalog = new SeriesCatalog();
        for (var i = 0; i <= SeriesCount; i++)
        {
            catalog.TryGetOrAdd(Encoding.UTF8.GetBytes($"device{i}"), "temperature"u8, out var series);
            _dense = series!.Id;
        }

        _store = SeriesStore.Open(
            Path.Combine(_folder, "series.db"), new SeriesStoreOptions { Retention = TimeSpan.MaxValue }, catalog,
            TimeProvider.System, NullLogger.Instance);
        var day = new Reading[DayPoints];
        for (var i = 0; i < day.Length; i++)
        {
            var time = Origin + TimeSpan.FromSeconds(i);
            day[i] = new Reading(_dense, Quality.Good, time, time, _random.Next(2000, 2500) / 100.0);
        }

        Take(day);
        NextBatch();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _store.Dispose();
        Console.WriteLine($"// {_store.Status}");
        Directory.Delete(_folder, recursive: true);
    }

    [IterationSetup(Target = nameof(ConsumePoint))]
    public void NextBatch()
    {
        var readings = new Reading[BatchPoints * 256];
        for (var i = 0; i < readings.Length; i++)
        {
            var series = i % SeriesCount;
            _walks[series] += _random.Next(-5, 6);
            var time = Origin + TimeSpan.FromSeconds((_offset * SecondsPerBatch * 256) + (i / SeriesCount));
            readings[i] = new Reading(series, Quality.Good, time, time, _walks[series] / 100.0);
        }

        _batch = new CommittedBatch(++_offset, Origin, readings, []);
    }

    [Benchmark(OperationsPerInvoke = BatchPoints * 256)]
    public long ConsumePoint()
    {
        long cursor = 0;
        for (var part = 0; part < 256; part++)
        {
            var readings = _batch.Readings.Slice(part * BatchPoints, BatchPoints);
            cursor = Consume(new CommittedBatch((_offset * 256) + part, Origin, readings, []));
        }

        return cursor;
    }

    [Benchmark]
    public bool Latest() => _store.TryGetLatest(_dense, out _);

    [Benchmark]
    public int DayByMinute() =>
        _store.Read(_dense, Origin, Origin + TimeSpan.FromDays(1), TimeSpan.FromMinutes(1)).Count;

    private void Take(Reading[] readings) => Consume(new CommittedBatch(++_offset, Origin, readings, []));

    private long Consume(CommittedBatch batch)
    {
        var task = _store.ConsumeAsync([batch], CancellationToken.None).AsTask();
        return task.GetAwaiter().GetResult();
    }
}
