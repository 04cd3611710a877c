using CsCheck;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Journal.Codec;
using Xunit;

namespace IotEvents.Tests.Gateway.Journal.Codec;

public sealed class BatchCodecTests
{
    // CsCheck prints the seed of a failure; CsCheck_Seed=… in the environment replays it.
    private static readonly Gen<double> AnyFinite = Gen.Double.Where(double.IsFinite);

    private static readonly Gen<double> Decimals =
        Gen.Select(Gen.Int[-1_000_000, 1_000_000], Gen.Int[0, 4], (whole, scale) => whole / Math.Pow(10, scale));

    private static readonly Gen<Reading> Hostile = Gen.Select(
        Gen.Int.NonNegative, Gen.UShort, Gen.Long, Gen.Long, AnyFinite,
        (series, quality, time, received, value) =>
            new Reading(series, (Quality)quality, new Timestamp(time), new Timestamp(received), value));

    private static readonly Gen<Reading> Usual = Gen.Select(
        Gen.Int[0, 1500], Gen.Int[0, 3], Gen.Int[0, 100_000], Gen.Int[0, 500], Decimals,
        (series, quality, millisecond, lag, value) => new Reading(
            series, (Quality)quality, Timestamp.FromUnixMilliseconds(1_770_000_000_000 + millisecond),
            Timestamp.FromUnixMilliseconds(1_770_000_000_000 + millisecond + lag), value));

    private static readonly Gen<EventRecord> AnyEvent = Gen.Select(
        Gen.String, Gen.String, Gen.String.Null(), Gen.Long, Gen.Long, Gen.Byte.Array[0, 300],
        Gen.Dictionary(Gen.String, Gen.String)[0, 3].Null(),
        (id, type, subject, time, recorded, data, extensions) => new EventRecord
        {
            Id = Sound(id),
            Type = Sound(type),
            Source = "/devices/a",
            Subject = subject is null ? null : Sound(subject),
            Time = new Timestamp(time),
            RecordedAt = new Timestamp(recorded),
            Data = data,
            Extensions = extensions?.DistinctBy(pair => Sound(pair.Key))
                .ToDictionary(pair => Sound(pair.Key), pair => Sound(pair.Value)),
        });

    [Fact]
    public void Decode_OfAnyReadings_GivesTheSameBits() =>
        Hostile.Array[0, 200].Sample(readings => AssertSame(readings, []), iter: 2000);

    [Fact]
    public void Decode_OfUsualReadings_GivesTheSameBits() =>
        Usual.Array[0, 600].Sample(readings => AssertSame(readings, []), iter: 1000);

    [Fact]
    public void Decode_OfAnyEvents_GivesTheSameEvents() =>
        AnyEvent.Array[0, 10].Sample(events => AssertSame([], events), iter: 1000);

    [Fact]
    public void Decode_OfAnyBytes_GivesAReasonAndNothingElse() =>
        Gen.Select(Gen.Byte.Array[0, 400], Gen.Int[0, 2000], Gen.Int[0, 20]).Sample((bytes, readingCount, eventCount) =>
        {
            var damage = new BatchDecoder().Decode(bytes, readingCount, eventCount, out var readings, out var events);
            return damage == JournalDamage.None
                ? readings.Length == readingCount && events.Length == eventCount
                : readings.Length == 0 && events.Length == 0;
        }, iter: 20_000);

    [Fact]
    public void Decode_OfSoundBytesWithOneChanged_NeverThrows() =>
        Gen.Select(Usual.Array[1, 40], AnyEvent.Array[0, 2], Gen.Int.NonNegative, Gen.Byte).Sample((readings, events, at, value) =>
        {
            var blob = new BatchEncoder().Encode(readings, events).ToArray();
            blob[at % blob.Length] = value;
            _ = new BatchDecoder().Decode(blob, readings.Length, events.Length, out _, out _);
        }, iter: 10_000);

    [Theory]
    [InlineData(0.0)]
    [InlineData(double.Epsilon)]
    [InlineData(-double.Epsilon)]
    [InlineData(double.MaxValue)]
    [InlineData(double.MinValue)]
    [InlineData(2.2250738585072009e-308)]
    [InlineData(9007199254740992.0)]
    [InlineData(0.1)]
    [InlineData(1e-9)]
    [InlineData(1e-10)]
    [InlineData(1e300)]
    public void Decode_OfAValueAtALimit_GivesItsBits(double value)
    {
        AssertSame(JournalFolder.Readings(value), []);
        AssertSame(JournalFolder.Readings(21.5, value, 21.6, 21.7, 21.8), []);
        AssertSame(JournalFolder.Readings(value, value, value), []);
    }

    // As attributes, the analyzer takes them for the same number as their neighbours: 0.0 and 2^53.
    [Fact]
    public void Decode_OfMinusZeroAndTheFirstGap_GivesTheirBits() =>
        AssertSame(JournalFolder.Readings(-0.0, 0.0, 9007199254740994.0, -0.0), []);

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Encode_OfNoNumber_Throws(double value) =>
        Assert.Throws<ArgumentException>(() => new BatchEncoder().Encode(JournalFolder.Readings(value), []).Length);

    [Fact]
    public void Decode_OfMoreReadingsThanARecordHolds_IsDamageAndAllocatesNothing()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var damage = new BatchDecoder().Decode([0], BatchCodec.ReadingsMax + 1, 0, out _, out _);
        Assert.Equal(JournalDamage.Count, damage);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 10_000);
    }

    [Fact]
    public void Decode_WithBytesAfterTheEnd_IsTooLong()
    {
        byte[] blob = [.. new BatchEncoder().Encode(JournalFolder.Readings(1, 2), []), 0];
        Assert.Equal(JournalDamage.TooLong, new BatchDecoder().Decode(blob, 2, 0, out _, out _));
    }

    [Fact]
    public void Decode_OfEveryPrefix_IsDamage()
    {
        var blob = new BatchEncoder().Encode(JournalFolder.Readings(1, 2.5, -3), []).ToArray();
        for (var length = 0; length < blob.Length; length++)
        {
            var damage = new BatchDecoder().Decode(blob.AsSpan(0, length), 3, 0, out var readings, out _);
            Assert.True(damage != JournalDamage.None && readings.Length == 0, $"prefix of {length} bytes");
        }
    }

    [Fact]
    public void Checksum_OfKnownBytes_IsThatOfRfc3720()
    {
        // Appendix B.4: 32 bytes of zeros, 32 bytes of ones, 0 to 31; and the check value of the catalogue of CRCs.
        Assert.Equal(0x8A9136AAu, Crc32C.Compute(new byte[32]));
        Assert.Equal(0x62A8AB43u, Crc32C.Compute(Enumerable.Repeat((byte)0xFF, 32).ToArray()));
        Assert.Equal(0x46DD794Eu, Crc32C.Compute([.. Enumerable.Range(0, 32).Select(value => (byte)value)]));
        Assert.Equal(0xE3069283u, Crc32C.Compute("123456789"u8));
    }

    [Fact]
    public void Encode_OfSensorData_TakesAtMostEightBytesAReading()
    {
        // 20 devices, each with temperature, humidity, pressure in one message; own millisecond clocks; 100 ns receive times.
        var random = new Random(7);
        var readings = new List<Reading>();
        for (var message = 0; message < 100; message++)
        {
            var device = random.Next(20);
            var received = 1_770_000_000_000_000_000 + (message * 1_000_000L) + (random.Next(10_000) * 100);
            var time = (received / 1_000_000 * 1_000_000) - (random.Next(2000) * 1_000_000L);
            foreach (var (metric, value) in new[] { (0, 21.5), (1, 47.3), (2, 1013.25) })
            {
                var measured = Math.Round(value + (random.NextDouble() * 4), 2);
                readings.Add(new Reading((device * 3) + metric, Quality.Good, new Timestamp(time), new Timestamp(received), measured));
            }
        }

        var perReading = (double)new BatchEncoder().Encode(readings.ToArray(), []).Length / readings.Count;
        TestContext.Current.TestOutputHelper?.WriteLine($"{perReading:F2} bytes a reading");
        Assert.True(perReading <= 8, $"{perReading:F2} bytes a reading");
    }

    private static void AssertSame(Reading[] readings, EventRecord[] events)
    {
        var blob = new BatchEncoder().Encode(readings, events).ToArray();
        var damage = new BatchDecoder().Decode(blob, readings.Length, events.Length, out var decoded, out var decodedEvents);
        Assert.Equal(JournalDamage.None, damage);
        Assert.Equal(readings.Length, decoded.Length);
        for (var index = 0; index < readings.Length; index++)
        {
            Assert.Equal(BitConverter.DoubleToInt64Bits(readings[index].Value), BitConverter.DoubleToInt64Bits(decoded[index].Value));
            Assert.Equal(readings[index], decoded[index]);
        }

        Assert.Equal(events.Length, decodedEvents.Length);
        for (var index = 0; index < events.Length; index++)
        {
            AssertSame(events[index], decodedEvents[index]);
        }
    }

    internal static void AssertSame(EventRecord expected, EventRecord actual)
    {
        Assert.Equal(expected with { Data = default, Extensions = null }, actual with { Data = default, Extensions = null });
        Assert.True(expected.Data.Span.SequenceEqual(actual.Data.Span));
        Assert.Equal(expected.Extensions, actual.Extensions);
    }

    // The texts of events came out of UTF-8: half a surrogate pair cannot be in them.
    private static string Sound(string text) =>
        System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
}
