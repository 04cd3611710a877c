using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace IotEvents.Gateway.Ingest.Mqtt;

/// <summary>In which order the library will answer a SUBSCRIBE: it sorts the filters by QoS, highest first.</summary>
internal sealed class SubscribeOrders
{
    private readonly Dictionary<ushort, int[]> _orders = [];

    /// <summary>Remembers the order of the filters, where the library will change it.</summary>
    public void Note(MqttSubscribePacket packet)
    {
        var filters = packet.TopicFilters;
        if (filters.Exists(filter => filter.QualityOfServiceLevel != filters[0].QualityOfServiceLevel))
        {
            lock (_orders)
            {
                _orders[packet.PacketIdentifier] =
                    [.. Enumerable.Range(0, filters.Count).OrderByDescending(index => filters[index].QualityOfServiceLevel)];
            }
        }
    }

    /// <summary>Puts the answers into the order of the filters.</summary>
    public void Restore(MqttSubAckPacket packet, bool isV5)
    {
        int[]? order;
        lock (_orders)
        {
            _orders.Remove(packet.PacketIdentifier, out order);
        }

        for (var place = 0; !isV5 && place < packet.ReasonCodes.Count; place++)
        {
            if (packet.ReasonCodes[place] > MqttSubscribeReasonCode.GrantedQoS2)
            {
                packet.ReasonCodes[place] = MqttSubscribeReasonCode.UnspecifiedError; // 3.1.1 knows only 0x80.
            }
        }

        if (order is not null && order.Length == packet.ReasonCodes.Count)
        {
            var answered = packet.ReasonCodes.ToArray();
            for (var place = 0; place < order.Length; place++)
            {
                packet.ReasonCodes[order[place]] = answered[place];
            }
        }
    }
}
