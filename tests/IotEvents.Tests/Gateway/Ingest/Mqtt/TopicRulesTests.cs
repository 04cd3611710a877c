using System.Text;
using IotEvents.Gateway.Ingest.Mqtt;
using Xunit;

namespace IotEvents.Tests.Gateway.Ingest.Mqtt;

public sealed class TopicRulesTests
{
    [Theory]
    [InlineData("a", true)]
    [InlineData("site/line1/dev-7/telemetry", true)]
    [InlineData("/leading/and/trailing/", true)]
    [InlineData("a//b", true)]
    [InlineData("Küche/Temperatur °C", true)]
    [InlineData("日本/温度", true)]
    [InlineData("a b", true)]
    [InlineData("a/$b", true)]
    [InlineData("", false)]
    [InlineData("$SYS/x", false)]
    [InlineData("a/+", false)]
    [InlineData("a+b", false)]
    [InlineData("#", false)]
    [InlineData("a\0b", false)]
    [InlineData("a\r\nb", false)]
    [InlineData("a\u001bb", false)]
    [InlineData("a\u007f", false)]
    [InlineData("a\u0080", false)]
    [InlineData("a\u009f", false)]
    [InlineData("a\u00a0", true)]
    public void IsName_Table(string topic, bool expected) => Assert.Equal(expected, TopicRules.IsName(Encoding.UTF8.GetBytes(topic)));

    [Theory]
    [InlineData("ff")]
    [InlineData("c3")]
    [InlineData("eda080")] // a surrogate
    [InlineData("c080")] // NUL in two bytes
    [InlineData("f4908080")] // beyond U+10FFFF
    public void IsName_NotUtf8_IsRefused(string hex) => Assert.False(TopicRules.IsName(Convert.FromHexString(hex)));

    [Fact]
    public void IsName_LimitsOfSizeAndDepth_AreExact()
    {
        Assert.True(TopicRules.IsName(Encoding.UTF8.GetBytes(new string('a', TopicRules.BytesMax))));
        Assert.False(TopicRules.IsName(Encoding.UTF8.GetBytes(new string('a', TopicRules.BytesMax + 1))));
        Assert.True(TopicRules.IsName(Encoding.UTF8.GetBytes(string.Join('/', Enumerable.Repeat("a", TopicRules.LevelsMax)))));
        Assert.False(TopicRules.IsName(Encoding.UTF8.GetBytes(string.Join('/', Enumerable.Repeat("a", TopicRules.LevelsMax + 1)))));
    }

    [Theory]
    [InlineData("#", true)]
    [InlineData("+", true)]
    [InlineData("a/#", true)]
    [InlineData("+/a/+", true)]
    [InlineData("$SYS/#", true)]
    [InlineData("", false)]
    [InlineData("a#", false)]
    [InlineData("#/a", false)]
    [InlineData("a/#/b", false)]
    [InlineData("a+/b", false)]
    [InlineData("a/b\n", false)]
    public void IsFilter_Table(string filter, bool expected) => Assert.Equal(expected, TopicRules.IsFilter(Encoding.UTF8.GetBytes(filter)));
}
