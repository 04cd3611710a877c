using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Cli.Terminal;
using Xunit;

namespace IotEvents.Tests.Gateway.Cli;

public class WordsTests
{
    [Theory]
    [InlineData(21.456, "Cel", "21.46 °C")]
    [InlineData(-18.0, "Cel", "−18 °C")]
    [InlineData(0.12345, "V", "0.123 V")]
    [InlineData(1656.4, "l", "1656 L")]
    [InlineData(1e9, "", "1E9")]
    [InlineData(-0.0, "", "0")]
    public void Value_IsShortAndHasItsUnit(double value, string unit, string expected) =>
        Assert.Equal(expected, Words.Value(value, Units.Get(unit)));

    [Theory]
    [InlineData(0.4, "now")]
    [InlineData(12, "12 s")]
    [InlineData(99, "99 s")]
    [InlineData(100, "1 min")]
    [InlineData(14 * 60, "14 min")]
    [InlineData(3 * 3600, "3 h")]
    [InlineData(2 * 86400, "2 d")]
    public void Age_IsOneNumberAndOneUnit(double seconds, string expected) =>
        Assert.Equal(expected, Words.Age(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0, "0 rules")]
    [InlineData(1, "1 rule")]
    [InlineData(2, "2 rules")]
    public void Count_OneIsNotMany(int count, string expected) => Assert.Equal(expected, Words.Count(count, "rule"));

    [Theory]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1 kB")]
    [InlineData(61_400, "61.4 kB")]
    [InlineData(1_234_567_890, "1.2 GB")]
    public void Size_IsAsPrintedOnDisks(double bytes, string expected) => Assert.Equal(expected, Words.Size(bytes));

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a\r\nb", "a\ufffd\ufffdb")]
    [InlineData("\u001b[2J", "\ufffd[2J")]
    [InlineData("x\u202ey", "x\ufffdy")]
    public void OneLine_ControlCharacters_CannotDrawOnTheScreen(string text, string expected) =>
        Assert.Equal(expected, Words.OneLine(text));
}
