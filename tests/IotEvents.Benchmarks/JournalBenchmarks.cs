using System.Globalization;
using BenchmarkDotNet.Attributes;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Journal;
using IotEvents.Gateway.Journal.Codec;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotEvents.Benchmarks;

/// <summary>What a record costs: to write its bytes, to read them, to commit it with a flush.</summary>
[MemoryDiagnoser]
public class JournalBenchmarks
{
    private readonly BatchEncoder _encoder = new();
    private readonly BatchDecoder _decoder = new();
    private Reading[] _readings = [];
    private byte[] _blob = [];
    private string _folder = "";
    private JournalStore _store = null!;

    /// <summary>How many readings a record holds.</summary>
    [Params(1, 100, 10_000)]
    public int Readings { get; set; }

    [GlobalSetup]
    public void Open()
    {
        _readings = SensorReadings(Readings, seed: 5);
        _blob = _encoder.Encode(_readings, []).ToArray();
        _folder = Directory.CreateTempSubdirectory("iotevents-bench-").FullName;
        _store = JournalStore.Open(
            Path.Combine(_folder, "journal.db"), new JournalOptions { Budget = 50_000_000 }, TimeProvider.System, NullLogger.Instance);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"// {Readings} readings: {(double)_blob.Length / Readings:F2} bytes a reading"));
    }

    [GlobalCleanup]
    public void Close()
    {
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark]
    public int Encode() => _encoder.Encode(_readings, []).Length;

    [Benchmark]
    public int Decode()
    {
        _decoder.Decode(_blob, Readings, 0, out var readings, out _);
        return readings.Length;
    }

    [Benchmark]
    public uint Checksum() => BatchCodec.Checksum(1, 2, Readings, 0, 1, _blob);

    [Benchmark]
    public long Commit()
    {
        using var transaction = _store.Begin(new Timestamp(1));
        transaction.Append(_readings, []);
        transaction.Commit();
        return transaction.Offset;
    }

    // 500 devices, three metrics with two decimals a message, millisecond clocks of their own, receive times to 100 ns.
    private static Reading[] SensorReadings(int count, int seed)
    {
        var random = new Random(seed);
        var readings = new Reading[count];
        var received = 1_770_000_000_000_000_000L;
        for (var index = 0; index < count; index++)
        {
            var metric = index % 3;
            received += metric == 0 ? random.Next(1, 20_000) * 100L : 0;
            var before = index > 0 && metric > 0 ? readings[index - 1] : default;
            var series = metric == 0 ? random.Next(500) * 3 : before.Series + 1;
            var time = metric == 0 ? (received / 1_000_000 * 1_000_000) - (random.Next(50) * 1_000_000L) : before.Time.Nanoseconds;
            var value = Math.Round((metric switch { 0 => 21, 1 => 48, _ => 1013 }) + (random.NextDouble() * 5), 2);
            readings[index] = new Reading(series, Quality.Good, new Timestamp(time), new Timestamp(received), value);
        }

        return readings;
    }
}
