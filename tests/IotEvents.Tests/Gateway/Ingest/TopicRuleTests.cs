using IotEvents.Gateway.Ingest;
using Xunit;

namespace IotEvents.Tests.Gateway.Ingest;

public class TopicRuleTests
{
    [Theory]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/b", "a/b/c", false)]
    [InlineData("a/b", "a", false)]
    [InlineData("tele/+/SENSOR", "tele/plug/SENSOR", true)]
    [InlineData("tele/+/SENSOR", "tele/plug/STATE", false)]
    [InlineData("tele/+/SENSOR", "tele/a/b/SENSOR", false)]
    [InlineData("tele/+", "tele/", true)]
    [InlineData("tele/+", "tele", false)]
    [InlineData("#", "a/b/c", true)]
    [InlineData("a/#", "a", true)]
    [InlineData("a/#", "a/b/c", true)]
    [InlineData("a/#", "ab", false)]
    [InlineData("+/b", "/b", true)]
    [InlineData("+", "/b", false)]
    [InlineData("#", "$SYS/x", false)]
    [InlineData("+/x", "$SYS/x", false)]
    [InlineData("$SYS/#", "$SYS/x", true)]
    public void Matches_FilterAndTopic_AsMqttSays(string filter, string topic, bool expected) =>
        Assert.Equal(expected, new TopicRule(filter, "json").Matches(topic));
}
