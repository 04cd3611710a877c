using System.Text;
using System.Text.Json;
using IotEvents.Devices.Contracts;
using IotEvents.Devices.Decoders;
using IotEvents.Devices.Decoders.Json;
using Xunit;

namespace IotEvents.Tests.Devices.Decoders.Json;

public class JsonHostileTests
{
    private static readonly JsonDecoder Decoder = new();

    [Fact]
    public void Decode_FilesThatAreNotJson_GiveAReason() => Assert.All(Files("n_*"), file =>
    {
        var output = new ReadingBuffer();
        var reason = Decoding.Run(Decoder, File.ReadAllBytes(file), output);
        Assert.True(reason != RejectReason.None || output.Rejected(RejectReason.NotFinite) > 0, Path.GetFileName(file));
    });

    [Fact]
    public void Decode_FilesThatAreJson_AreReadAndTheirNumbersKept() => Assert.All(Files("y_*"), file =>
    {
        var output = new ReadingBuffer();
        var bytes = File.ReadAllBytes(file);
        var reason = Decoding.Run(Decoder, bytes, output);
        Assert.True(reason is RejectReason.None or RejectReason.Empty, $"{Path.GetFileName(file)}: {reason}");
        using var document = JsonDocument.Parse(bytes);
        Assert.True(output.Count > 0 || !HasNumber(document.RootElement), Path.GetFileName(file));
    });

    [Fact]
    public void Decode_FilesThatMayBeEither_DoNotThrow() =>
        Assert.All(Files("i_*"), file => Decoding.Run(Decoder, File.ReadAllBytes(file), new ReadingBuffer()));

    [Fact]
    public void Decode_NaughtyStringsAsNames_AreClean()
    {
        var output = new ReadingBuffer();
        var strings = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(SharedData.Folder("json-hostile"), "blns.json"))).RootElement;
        foreach (var text in strings.EnumerateArray())
        {
            var reason = Decoding.Run(Decoder, Encoding.UTF8.GetBytes($"{{{JsonSerializer.Serialize(text.GetString())}:1}}"), output);
            Assert.True(reason == RejectReason.None, text.GetString());
        }
    }

    [Theory]
    [InlineData("tasmota", "valid.jsonl", 180)]
    [InlineData("gateway-json-examples", "zigbee2mqtt.jsonl", 1)]
    [InlineData("gateway-json-examples", "shelly.jsonl", 1)]
    public void Decode_RecordedMessages_GiveReadings(string folder, string file, int messagesMin)
    {
        var output = new ReadingBuffer();
        var read = 0;
        foreach (var line in File.ReadLines(Path.Combine(SharedData.Folder(folder), file)))
        {
            using var document = JsonDocument.Parse(line);
            if (!document.RootElement.TryGetProperty("json", out var json))
            {
                continue;
            }

            var reason = Decoding.Run(Decoder, Encoding.UTF8.GetBytes(json.GetRawText()), output);
            Assert.True(reason is RejectReason.None or RejectReason.Empty or RejectReason.WrongType, $"{reason}: {line}");
            read += output.Count > 0 ? 1 : 0;
        }

        Assert.True(read >= messagesMin, $"{read} messages with readings");
    }

    [Fact]
    public void Decode_TelegrafCases_GiveEveryNumber()
    {
        foreach (var file in Directory.EnumerateFiles(SharedData.Folder("telegraf-json-cases"), "input.json", SearchOption.AllDirectories))
        {
            var output = new ReadingBuffer();
            var bytes = File.ReadAllBytes(file);
            Assert.Equal(RejectReason.None, Decoding.Run(Decoder, bytes, output));
            using var document = JsonDocument.Parse(bytes);
            Assert.True(output.Count > 0 || !HasNumber(document.RootElement), file);
        }
    }

    [Fact]
    public void Scanner_MutatedJson_AcceptsWhatUtf8JsonReaderAccepts()
    {
        const int seed = 20_26;
        var random = new Random(seed);
        string[] samples = ["""{"a":[1,-2.5e3,{"b":"x\u00e9\n"}],"c":true,"d":null}""", """[0,"\ud83d\ude00",{},[],"é"]""", "-12.50E+2"];
        for (var round = 0; round < 30_000; round++)
        {
            var bytes = Encoding.UTF8.GetBytes(samples[round % samples.Length]);
            for (var i = random.Next(1, 3); i > 0; i--)
            {
                bytes[random.Next(bytes.Length)] = (byte)"{}[],:\"\\ue0123456789.-+tfn "[random.Next(26)];
            }

            var output = new ReadingBuffer();
            var reason = Decoding.Run(Decoder, bytes, output);
            if (output.Rejected(RejectReason.NotFinite) > 0 || reason is RejectReason.BadUtf8)
            {
                continue;
            }

            Assert.True(IsJson(bytes) == (reason is RejectReason.None or RejectReason.Empty),
                $"seed {seed}: {reason}: {Encoding.UTF8.GetString(bytes)}");
        }
    }

    private static bool IsJson(byte[] bytes)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes);
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool HasNumber(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number => true,
        JsonValueKind.Array => element.EnumerateArray().Any(HasNumber),
        JsonValueKind.Object => element.EnumerateObject().Any(member => !DeviceTime.IsName(Encoding.UTF8.GetBytes(member.Name)) && HasNumber(member.Value)),
        _ => false,
    };

    private static string[] Files(string pattern)
    {
        var files = Directory.GetFiles(Path.Combine(SharedData.Folder("json-hostile"), "test_parsing"), pattern);
        Assert.True(files.Length > 30);
        return files;
    }
}
