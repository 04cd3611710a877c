using System.Text.Json;
using IotEvents.Gateway.Ingest.Mqtt;
using Xunit;

namespace IotEvents.Tests.Gateway.Ingest.Mqtt;

/// <summary>Bytes that other brokers choked on, and a million that nobody has thought of.</summary>
public sealed class MqttHostilityTests
{
    private const int MutatedPackets = 20_000;
    private static readonly TimeSpan Impatience = TimeSpan.FromMilliseconds(250);
    private static readonly MqttBrokerOptions Hasty = new() { ConnectTimeout = Impatience };

    [Fact]
    public async Task FuzzFlows_EachOnItsOwnConnection_TheNextClientIsServed()
    {
        var lines = ReadData("mqtt-fuzz-flows/flows.jsonl");
        await using var broker = await RunningBroker.StartAsync(options: Hasty);
        foreach (var line in lines)
        {
            using var flow = JsonDocument.Parse(line);
            await PlayAsync(broker, Convert.FromHexString(flow.RootElement.GetProperty("hex").GetString()!));
            await broker.AssertServesAsync();
        }

        Assert.Equal(0, broker.Status.Closed[(int)MqttCloseReason.Internal]);
    }

    [Fact]
    public async Task PacketSequences_Hostile_EndWithTheConnectionAndHonest_AreServed()
    {
        var lines = ReadData("mqtt-packet-sequences/sequences.jsonl");
        await using var broker = await RunningBroker.StartAsync(options: Hasty);
        var wrong = new List<string>();
        var asExpected = 0;
        foreach (var line in lines)
        {
            using var document = JsonDocument.Parse(line);
            if (await PlayAsync(broker, document.RootElement))
            {
                asExpected++;
            }
            else
            {
                wrong.Add($"{document.RootElement.GetProperty("group")} {document.RootElement.GetProperty("name")}");
            }
        }

        await broker.AssertServesAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"{asExpected} of {lines.Length} as mosquitto 2.1; not:\n{string.Join('\n', wrong)}");
        Assert.InRange(wrong.Count, 0, 40);
    }

    [Fact]
    public async Task MutatedPackets_Seeded_NoErrorEscapesAndAHealthyClientIsServed()
    {
        var seed = Environment.GetEnvironmentVariable("IOTEVENTS_SEED") is { } text ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 20261123;
        var unobserved = new System.Collections.Concurrent.ConcurrentQueue<string>();
        void Count(object? sender, UnobservedTaskExceptionEventArgs args) => unobserved.Enqueue(args.Exception.ToString());
        TaskScheduler.UnobservedTaskException += Count;
        try
        {
            await using (var broker = await RunningBroker.StartAsync())
            {
                using var healthy = await broker.ConnectAsync("steady");
                var random = new Random(seed);
                for (var sent = 0; sent < MutatedPackets; sent += 20)
                {
                    var version = random.Next(2) == 0 ? 4 : 5;
                    var flow = RawClient.Connect($"m{sent % 50}", version).AsEnumerable();
                    flow = Enumerable.Range(0, 19).Aggregate(flow, (bytes, _) => bytes.Concat(Mutate(random, Sample(random, version))));
                    await PlayAsync(broker, [.. flow], waitForEnd: false);
                    if (sent % 1000 == 0)
                    {
                        Assert.True(await healthy.PingAsync() is not null, $"seed {seed}: the healthy client was cut off at {sent}");
                    }
                }

                await broker.AssertServesAsync();
                Assert.True(broker.Status.Closed[(int)MqttCloseReason.Internal] == 0, $"seed {seed}");
            }

            GC.Collect();
            GC.WaitForPendingFinalizers();
            Assert.True(unobserved.IsEmpty, $"seed {seed}: {string.Join("; ", unobserved)}");
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Count;
        }
    }

    private static byte[] Sample(Random random, int version) => random.Next(10) switch
    {
        0 => RawClient.Connect("x", version),
        1 => RawClient.Publish("a/b", "{\"t\":21.5}", 0, 0, version),
        2 => RawClient.Publish("a/b", "21.5", 1, 3, version),
        3 => RawClient.Publish("a/b", "21.5", 2, 4, version, 1),
        4 => RawClient.Subscribe("a/#", 1, 5, version),
        5 => RawClient.Packet(0xA2, [0, 6, .. version == 5 ? (byte[])[0] : [], .. RawClient.Text("a/#")]),
        6 => [0x62, 2, 0, 4],
        7 => [0x40, 2, 0, 1],
        8 => [0x50, 2, 0, 1],
        _ => [0xC0, 0],
    };

    /// <summary>Half of the packets stay as they are, so that sessions live long enough to be hurt.</summary>
    private static byte[] Mutate(Random random, byte[] packet)
    {
        switch (random.Next(8))
        {
            case 0:
                packet[random.Next(packet.Length)] = (byte)random.Next(256);
                return packet;
            case 1:
                packet[random.Next(packet.Length)] ^= (byte)(1 << random.Next(8));
                return packet;
            case 2:
                return packet[..random.Next(packet.Length)];
            case 3:
                var grown = packet.ToList();
                grown.Insert(random.Next(packet.Length), (byte)random.Next(256));
                return [.. grown];
            default:
                return packet;
        }
    }

    private static async Task PlayAsync(RunningBroker broker, byte[] bytes, bool waitForEnd = true)
    {
        using var client = await RawClient.OpenAsync(broker.EndPoint, Impatience);
        try
        {
            await client.SendAsync(bytes);
            if (waitForEnd)
            {
                await client.PingAsync(); // Whatever the answer: the bytes before it have been dealt with.
            }
        }
        catch (IOException)
        {
            // Closed by the broker in the middle: as it should be.
        }
        catch (OperationCanceledException)
        {
            // The flow ends within a packet, so that PINGREQ is its body: the connect timeout's matter.
        }
    }

    /// <summary>Plays one sequence; true when the connection is in the end what mosquitto makes of it: closed or served.</summary>
    private static async Task<bool> PlayAsync(RunningBroker broker, JsonElement sequence)
    {
        var version = sequence.GetProperty("ver").GetInt32();
        using var client = await RawClient.OpenAsync(broker.EndPoint, Impatience);
        try
        {
            if (sequence.GetProperty("connectFirst").GetBoolean())
            {
                await client.SendAsync(RawClient.Connect($"s{sequence.GetProperty("name").GetString()!.Length}", version));
                if (await client.ReadAsync() is not [0x20, ..])
                {
                    return sequence.GetProperty("expectClosed").GetBoolean();
                }
            }

            foreach (var step in sequence.GetProperty("steps").EnumerateArray())
            {
                if (step.TryGetProperty("send", out var hex))
                {
                    await client.SendAsync(Convert.FromHexString(hex.GetString()!.Replace(" ", "", StringComparison.Ordinal)));
                }
            }

            var isOpen = await client.PingAsync() is not null;
            return isOpen != sequence.GetProperty("expectClosed").GetBoolean();
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            return sequence.GetProperty("expectClosed").GetBoolean();
        }
    }

    private static string[] ReadData(string path)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "IotEvents.sln")))
        {
            root = root.Parent;
        }

        var file = Path.Combine(root?.Parent?.FullName ?? "", "shared", "data", path);
        Assert.SkipUnless(File.Exists(file), $"{path} is not beside the repository");
        return File.ReadAllLines(file);
    }
}
