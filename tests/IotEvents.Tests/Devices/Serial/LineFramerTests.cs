using System.Text;
using IotEvents.Devices.Serial;
using Xunit;

namespace IotEvents.Tests.Devices.Serial;

public class LineFramerTests
{
    [Theory]
    [InlineData("a\nb\n", "a|b")]
    [InlineData("a\rb\r", "a|b")]
    [InlineData("a\r\nb\r\n", "a|b")]
    [InlineData("\n\n\r\na\n", "a")]
    [InlineData("a\nb", "a")]
    [InlineData("", "")]
    public void MoveNext_Ends_CutLines(string text, string expected)
    {
        // In one piece, and byte by byte.
        Assert.Equal(expected, string.Join('|', Feed(new LineFramer(), text)));
        var framer = new LineFramer();
        Assert.Equal(expected, string.Join('|', text.SelectMany(letter => Feed(framer, letter.ToString()))));
    }

    [Fact]
    public void MoveNext_LineAtTheLimit_IsTakenAndBeyondDropped()
    {
        var framer = new LineFramer();
        Assert.Equal(LineFramer.LineBytesMax, Feed(framer, new string('x', LineFramer.LineBytesMax) + "\n").Single().Length);
        Assert.Equal(0, framer.OversizeCount);
        Assert.Equal(["ok"], Feed(framer, new string('x', LineFramer.LineBytesMax + 1) + "\nok\n"));
        Assert.Equal(1, framer.OversizeCount);
    }

    [Fact]
    public void MoveNext_EndlessNoise_IsOneOversizeAndThenRecovers()
    {
        var framer = new LineFramer();
        for (var i = 0; i < 100; i++)
        {
            Assert.Empty(Feed(framer, new string('x', 3000)));
        }

        Assert.Equal(["ok"], Feed(framer, "tail\nok\n"));
        Assert.Equal(1, framer.OversizeCount);
    }

    [Fact]
    public void MoveNext_SeededPieces_GiveTheSameLines()
    {
        const int seed = 31;
        var random = new Random(seed);
        var lines = Enumerable.Range(0, 2000).Select(i => new string((char)('a' + (i % 26)), random.Next(1, 300))).ToList();
        var text = string.Concat(lines.Select(line => line + (random.Next(2) == 0 ? "\n" : "\r\n")));
        var framer = new LineFramer();
        var read = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var length = Math.Min(random.Next(1, 3000), text.Length - at);
            read.AddRange(Feed(framer, text.Substring(at, length)));
            at += length;
        }

        Assert.Equal(lines, read);
    }

    [Fact]
    public void Advance_MoreThanRoom_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LineFramer().Advance(100_000));

    private static List<string> Feed(LineFramer framer, string text)
    {
        var lines = new List<string>();
        var bytes = Encoding.UTF8.GetBytes(text).AsSpan();
        do
        {
            var room = framer.Room().Span;
            var count = Math.Min(room.Length, bytes.Length);
            bytes[..count].CopyTo(room);
            bytes = bytes[count..];
            framer.Advance(count);
            while (framer.MoveNext())
            {
                lines.Add(Encoding.UTF8.GetString(framer.Line));
            }
        }
        while (!bytes.IsEmpty);
        return lines;
    }
}
