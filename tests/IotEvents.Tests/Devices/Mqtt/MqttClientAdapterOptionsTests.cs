using IotEvents.Devices.Mqtt;
using IotEvents.Devices.Settings;
using Xunit;

namespace IotEvents.Tests.Devices.Mqtt;

public sealed class MqttClientAdapterOptionsTests
{
    private const string Least = "name: site\nurl: mqtt://broker.example\n";

    [Fact]
    public void Read_NameAndUrl_GivesTheDefaults()
    {
        var (options, errors) = Read(Least);
        Assert.Empty(errors);
        Assert.Equal("iotevents-site", options.ClientId);
        Assert.Equal(["#"], options.Topics);
        Assert.Equal((1, 5, 1_000), (options.Qos, options.ProtocolLevel, options.ReceiveMaximum));
        Assert.Equal(TimeSpan.FromSeconds(30), options.KeepAlive);
        Assert.Equal(TimeSpan.FromDays(1), options.SessionExpiry);
    }

    [Fact]
    public void Read_Everything_IsTaken()
    {
        var (options, errors) = Read(
            "name: a\nurl: mqtts://h:8884\ntopics: ['x/#', 'y/+']\nqos: 2\nclient_id: me\nusername: u\npassword: p\nversion: 311\nreceive_maximum: 7\nkeep_alive: 1m\ndecoder: json");
        Assert.Empty(errors);
        Assert.Equal(["x/#", "y/+"], options.Topics);
        Assert.Equal((2, "me", "u", "p", 4, 7, "json"),
            (options.Qos, options.ClientId, options.UserName, options.Password, options.ProtocolLevel, options.ReceiveMaximum, options.Decoder));
        Assert.DoesNotContain("p\"", options.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("qos: 3", "qos")]
    [InlineData("version: 31", "version")]
    [InlineData("receive_maximum: 0", "receive_maximum")]
    [InlineData("receive_maximum: 65536", "receive_maximum")]
    [InlineData("keep_alive: 500ms", "keep_alive")]
    [InlineData("session_expiry: 31d", "session_expiry")]
    [InlineData("max_packet_size: 1023", "max_packet_size")]
    [InlineData("client_id: ''", "client_id")]
    [InlineData("topic: x", "topic")]
    public void Read_Mistake_IsNamed(string line, string key) => Assert.Equal(key, Assert.Single(Read(Least + line).Errors).Key);

    [Theory]
    [InlineData("name: a")]
    [InlineData("name: a\nurl: http://x")]
    [InlineData("url: mqtt://x")]
    public void Read_WithoutWhatItNeeds_IsRefused(string yaml) => Assert.Single(Read(yaml).Errors);

    [Theory]
    [InlineData(1)]
    [InlineData(20261123)]
    public void Next_Delay_GrowsToThirtySecondsAndBeginsAnew(int seed)
    {
        var delay = new ReconnectDelay(new Random(seed));
        var step = 0.5;
        for (var attempt = 0; attempt < 20; attempt++, step = Math.Min(step * 2, 30))
        {
            Assert.InRange(delay.Next().TotalSeconds, step / 2, step);
        }

        delay.Reset();
        Assert.InRange(delay.Next().TotalSeconds, 0.25, 0.5);
    }

    private static (MqttClientAdapterOptions Options, IReadOnlyList<SettingsError> Errors) Read(string yaml)
    {
        var errors = new SettingsErrors();
        var options = MqttClientAdapterOptions.Read(new SettingsMap(SettingsFile.Parse("test.yaml", yaml, errors), errors));
        return (options, errors.All);
    }
}
