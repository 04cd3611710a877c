using System.Net;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace IotEvents.Simulator.Links;

/// <summary>How the simulator's MQTT connections are made: MQTT 3.1.1, clean session, no address looked up.</summary>
internal static class MqttDoor
{
    private static readonly MqttClientFactory Factory = new();

    public static IMqttClient NewClient() => Factory.CreateMqttClient();

    public static MqttClientOptions Options(EndPoint broker, string clientId) => new MqttClientOptionsBuilder()
        .WithProtocolVersion(MqttProtocolVersion.V311)
        .WithEndPoint(broker)
        .WithClientId(clientId)
        .WithCleanSession()
        .WithTimeout(TimeSpan.FromSeconds(30))
        .Build();

    public static MqttApplicationMessage Message(string topic, byte[] payload, int qos, bool retain) => new()
    {
        Topic = topic,
        PayloadSegment = payload,
        QualityOfServiceLevel = (MqttQualityOfServiceLevel)qos,
        Retain = retain,
    };
}
