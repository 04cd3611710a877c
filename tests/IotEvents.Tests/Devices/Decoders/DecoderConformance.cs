using System.Text;
using System.Text.Unicode;
using IotEvents.Devices.Contracts;
using IotEvents.Tests.TestKit;
using Xunit;

namespace IotEvents.Tests.Devices.Decoders;

/// <summary>What every decoder promises, whatever its family. A decoder's tests derive from it and give samples.</summary>
public abstract class DecoderConformance
{
    /// <summary>A new decoder.</summary>
    protected abstract IPayloadDecoder Create();

    /// <summary>Payloads the decoder reads, each with at least one reading in it.</summary>
    protected abstract IReadOnlyList<string> Samples { get; }

    [Fact]
    public void Name_Always_IsASettingsWord() => Assert.Matches("^[a-z][a-z0-9-]*$", Create().Name);

    [Fact]
    public void Decode_Samples_GiveReadings()
    {
        var output = new ReadingBuffer();
        Assert.All(Samples, sample =>
        {
            Assert.Equal(RejectReason.None, Decoding.Run(Create(), Encoding.UTF8.GetBytes(sample), output));
            Assert.True(output.Count > 0, sample);
            Check(output, sample);
        });
    }

    [Fact]
    public void Decode_Empty_SaysSo() => Assert.Equal(RejectReason.Empty, Decoding.Run(Create(), [], new ReadingBuffer()));

    [Theory]
    [InlineData("")]
    [InlineData("///")]
    [InlineData("a/+/b")]
    [InlineData("a\nb")]
    public void Decode_AddressWithoutDevice_SaysInvalidTopic(string address)
    {
        var output = new ReadingBuffer();
        Assert.Equal(RejectReason.InvalidTopic, Decoding.Run(Create(), Encoding.UTF8.GetBytes(Samples[0]), output, address));
        Assert.Equal(0, output.Count);
    }

    [Fact]
    public void Decode_DeviceIdAtTheLimit_IsTakenAndBeyondRefused()
    {
        var output = new ReadingBuffer();
        var payload = Encoding.UTF8.GetBytes(Samples[0]);
        Assert.Equal(RejectReason.None, Decoding.Run(Create(), payload, output, new string('d', 256)));
        Assert.Equal(RejectReason.InvalidTopic, Decoding.Run(Create(), payload, output, new string('d', 257)));
    }

    [Fact]
    public void Decode_RandomBytes_NeverThrows()
    {
        const int seed = 4711;
        var random = new Random(seed);
        var output = new ReadingBuffer();
        var decoder = Create();
        for (var round = 0; round < 5000; round++)
        {
            var payload = new byte[random.Next(200)];
            random.NextBytes(payload);
            Probe(decoder, payload, output, $"seed {seed}, round {round}");
        }
    }

    [Fact]
    public void Decode_MutatedSamples_NeverThrows()
    {
        const int seed = 815;
        var random = new Random(seed);
        var output = new ReadingBuffer();
        var decoder = Create();
        for (var round = 0; round < 20_000; round++)
        {
            var payload = Mutate(Encoding.UTF8.GetBytes(Samples[round % Samples.Count]), random);
            Probe(decoder, payload, output, $"seed {seed}, round {round}: {Encoding.UTF8.GetString(payload)}");
        }
    }

    [Fact]
    public async Task Decode_ManyThreadsAtOnce_GiveWhatOneGives()
    {
        var decoder = Create();
        var expected = Samples.Select(sample => Decoding.Show(decoder, sample)).ToList();
        var tasks = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var round = 0; round < 300; round++)
            {
                var i = round % Samples.Count;
                Assert.Equal(expected[i], Decoding.Show(decoder, Samples[i]));
            }
        }));
        await Task.WhenAll(tasks);
    }

    [Fact]
    public void Decode_SteadyState_AllocatesNothing()
    {
        var decoder = Create();
        var output = new ReadingBuffer();
        var payloads = Samples.Select(Encoding.UTF8.GetBytes).ToArray();
        var address = "site/a"u8.ToArray();
        Rounds(50);
        Assert.Equal(0, Allocations.Least(() => Rounds(200)));

        void Rounds(int count)
        {
            for (var i = 0; i < count * payloads.Length; i++)
            {
                output.Clear();
                decoder.Decode(
                    new Message { Address = address, Payload = payloads[i % payloads.Length], ReceivedAt = new(1), Adapter = "test" }, output);
            }
        }
    }

    private static void Probe(IPayloadDecoder decoder, byte[] payload, ReadingBuffer output, string what)
    {
        var reason = Decoding.Run(decoder, payload, output);
        Assert.True(reason == RejectReason.None || output.Count == 0, what);
        Check(output, what);
    }

    private static void Check(ReadingBuffer output, string what)
    {
        for (var i = 0; i < output.Count; i++)
        {
            var reading = output[i];
            Assert.True(double.IsFinite(reading.Value), what);
            Assert.True(reading.Device.Length is > 0 and <= 256 && reading.Metric.Length is > 0 and <= 128, what);
            Assert.True(!reading.Metric.Contains((byte)'/') && !reading.Metric.ContainsAnyInRange((byte)0, (byte)31), what);
            Assert.True(Utf8.IsValid(reading.Metric) && Utf8.IsValid(reading.Device), what);
        }
    }

    private static byte[] Mutate(byte[] sample, Random random)
    {
        var bytes = sample.ToList();
        for (var i = random.Next(1, 4); i > 0 && bytes.Count > 0; i--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveAt(at); break;
                case 2: bytes.Insert(at, bytes[random.Next(bytes.Count)]); break;
                default: bytes.RemoveRange(at, bytes.Count - at); break;
            }
        }

        return [.. bytes];
    }
}
