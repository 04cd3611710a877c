using System.Globalization;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Journal.Codec;
using Xunit;

namespace IotEvents.Tests.Gateway.Journal.Codec;

public sealed class FormatTests
{
    [Fact]
    public void Decode_OfTheExampleInTheDocument_GivesWhatTheDocumentSays()
    {
        var blob = Example();
        var damage = new BatchDecoder().Decode(blob, 2, 0, out var readings, out var events);
        Assert.Equal(JournalDamage.None, damage);
        Assert.Empty(events);
        Assert.Equal(
            [
                new Reading(3, Quality.Good, new Timestamp(990), new Timestamp(1000), 21.5),
                new Reading(4, Quality.TimeReceived, new Timestamp(980), new Timestamp(1000), 21.6),
            ],
            readings);
    }

    [Fact]
    public void Decode_OfAnEventWrittenByHand_GivesIt()
    {
        // flags 1 | id "a" | type "t" | source "s" | subject "u" | time 2 | recorded 1 later | data "{}"
        byte[] blob = [1, 1, (byte)'a', 1, (byte)'t', 1, (byte)'s', 1, (byte)'u', 4, 2, 2, (byte)'{', (byte)'}'];
        Assert.Equal(JournalDamage.None, new BatchDecoder().Decode(blob, 0, 1, out _, out var events));
        var item = Assert.Single(events);
        Assert.Equal(("a", "t", "s", "u", 2, 3), (item.Id, item.Type, item.Source, item.Subject!,
            item.Time.Nanoseconds, item.RecordedAt.Nanoseconds));
        Assert.Equal("{}"u8.ToArray(), item.Data.ToArray());
    }

    // The last block of code in the document; what follows the bytes on a line is set off by two spaces.
    private static byte[] Example()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "IotEvents.sln")))
        {
            folder = folder.Parent;
        }

        var block = File.ReadAllText(Path.Combine(folder.FullName, "gateway", "Journal", "FORMAT.md")).Split("```")[^2];
        return
        [
            .. block.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .SelectMany(line => line.Split("  ")[0].Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Select(hex => byte.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture)),
        ];
    }
}
