using IotEvents.Devices.Settings;
using Xunit;

namespace IotEvents.Tests.Devices.Settings;

public class SettingsValuesTests
{
    [Theory]
    [InlineData("20ms", 20)]
    [InlineData("1.5s", 1500)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("1h 30m", 5_400_000)]
    [InlineData(" 5m ", 300_000)]
    [InlineData("500us", 0.5)]
    [InlineData("30d", 2_592_000_000)]
    [InlineData("1w", 604_800_000)]
    [InlineData("1y", 31_536_000_000)]
    [InlineData("0s", 0)]
    public void TryParseDuration_Lengths_AreRead(string text, double milliseconds)
    {
        Assert.True(SettingsValues.TryParseDuration(text, out var value));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), value);
        Assert.True(SettingsValues.TryParseDuration(SettingsValues.Format(value), out var again));
        Assert.Equal(value, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("5")]
    [InlineData("m")]
    [InlineData("-5m")]
    [InlineData("5 m")]
    [InlineData("5x")]
    [InlineData("1.2.3s")]
    [InlineData("999999999y")]
    public void TryParseDuration_Others_AreRefused(string text) => Assert.False(SettingsValues.TryParseDuration(text, out _));

    [Fact]
    public void TryParseDuration_Forever_IsTheLongest()
    {
        Assert.True(SettingsValues.TryParseDuration("forever", out var value));
        Assert.Equal(TimeSpan.MaxValue, value);
        Assert.Equal("forever", SettingsValues.Format(value));
    }

    [Fact]
    public void Format_SeededLengths_AreReadBack()
    {
        const int seed = 5;
        var random = new Random(seed);
        for (var i = 0; i < 2000; i++)
        {
            var value = TimeSpan.FromMicroseconds(random.NextInt64(1, 1L << random.Next(1, 40)));
            Assert.True(SettingsValues.TryParseDuration(SettingsValues.Format(value), out var again));
            Assert.True(value == again, $"seed {seed}: {value}");
        }
    }

    [Theory]
    [InlineData("4096", 4096)]
    [InlineData("1GB", 1_000_000_000)]
    [InlineData("256KiB", 262_144)]
    [InlineData("500 MB", 500_000_000)]
    [InlineData("1.5kB", 1500)]
    [InlineData("0", 0)]
    public void TryParseBytes_Sizes_AreRead(string text, long expected)
    {
        Assert.True(SettingsValues.TryParseBytes(text, out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("GB")]
    [InlineData("-1")]
    [InlineData("1 XB")]
    [InlineData("99999999999GB")]
    public void TryParseBytes_Others_AreRefused(string text) => Assert.False(SettingsValues.TryParseBytes(text, out _));

    [Theory]
    [InlineData("127.0.0.1:1883", "127.0.0.1:1883")]
    [InlineData("[::1]:80", "[::1]:80")]
    [InlineData("localhost:0", "127.0.0.1:0")]
    [InlineData("*:8080", "0.0.0.0:8080")]
    public void TryParseEndPoint_Addresses_AreRead(string text, string expected)
    {
        Assert.True(SettingsValues.TryParseEndPoint(text, out var value));
        Assert.Equal(expected, value.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("1883")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]")]
    [InlineData("::1")]
    [InlineData("127.0.0.1:99999")]
    [InlineData("example.org:80")]
    public void TryParseEndPoint_Others_AreRefused(string text) => Assert.False(SettingsValues.TryParseEndPoint(text, out _));

    [Theory]
    [InlineData("2000 L", 2000, "l")]
    [InlineData("80%", 80, "%")]
    [InlineData("-21.5 °C", -21.5, "Cel")]
    [InlineData("5", 5, "")]
    [InlineData("1e3 W", 1000, "W")]
    public void TryParseMeasure_Numbers_AreReadWithTheirUnit(string text, double expected, string symbol)
    {
        Assert.True(SettingsValues.TryParseMeasure(text, out var value, out var unit));
        Assert.Equal((expected, symbol), (value, unit.Symbol));
    }

    [Theory]
    [InlineData("")]
    [InlineData("L")]
    [InlineData("5 furlong")]
    [InlineData("1e999")]
    public void TryParseMeasure_Others_AreRefused(string text) => Assert.False(SettingsValues.TryParseMeasure(text, out _, out _));

    [Theory]
    [InlineData("plain", true, "plain")]
    [InlineData("${other:x}", false, "")]
    [InlineData("${file}", false, "")]
    [InlineData("half ${env:PATH}", true, "half ${env:PATH}")]
    public void TryExpand_Texts_AreReplacedAsAWhole(string text, bool isGood, string expected)
    {
        Assert.Equal(isGood, SettingsValues.TryExpand(text, out var expanded, out var problem));
        Assert.Equal(isGood, problem.Length == 0);
        Assert.True(!isGood || expanded == expected);
    }

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("baud", "baud", 0)]
    [InlineData("bade", "baud", 2)]
    [InlineData("", "abc", 3)]
    [InlineData("kitten", "sitting", 3)]
    public void Distance_Words_CountsChangedLetters(string left, string right, int expected)
    {
        Assert.Equal(expected, SettingsValues.Distance(left, right));
        Assert.Equal(expected, SettingsValues.Distance(right, left));
    }
}
