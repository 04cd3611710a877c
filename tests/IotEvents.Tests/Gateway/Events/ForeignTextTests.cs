using IotEvents.Gateway.Events;
using Xunit;

namespace IotEvents.Tests.Gateway.Events;

public sealed class ForeignTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    [InlineData("a\r\nINFO ok", "a\\u000d\\u000aINFO ok")]
    [InlineData("\u001b[2J", "\\u001b[2J")]
    [InlineData("x\u0085y", "x\\u0085y")]
    [InlineData("x\u2028y", "x\\u2028y")]
    [InlineData("\u202egnp.exe", "\\u202egnp.exe")]
    [InlineData("Grüße, 温度 °C", "Grüße, 温度 °C")]
    public void OneLine_HostileText_StaysOneVisibleLine(string text, string expected) =>
        Assert.Equal(expected, ForeignText.OneLine(text));

    [Fact]
    public void OneLine_LongText_IsCutAtTheLimit()
    {
        Assert.Equal(256, ForeignText.OneLine(new string('x', 256)).Length);
        Assert.Equal(new string('x', 256) + "…", ForeignText.OneLine(new string('x', 257)));
    }
}
