using IotEvents.Devices.Contracts;
using IotEvents.Devices.Decoders;
using IotEvents.Gateway.Ingest;

namespace IotEvents.Gateway.Hosting.Composition;

/// <summary>Every decoder settings may name, and the choice where they name none.</summary>
public static class PayloadDecoderList
{
    /// <summary>The decoders by name.</summary>
    public static readonly PayloadDecoders All = new();

    /// <summary>Chooses by adapter, then by topic, then by the first byte of the payload.</summary>
    public static DecoderMap Map(IReadOnlyList<TopicRule> topics) => new(All.Names.Select(All.Get), new ByPayload(), topics);

    private sealed class ByPayload : IPayloadDecoder
    {
        public string Name => "auto";

        public RejectReason Decode(in Message message, ReadingBuffer output) => All.Choose(message.Payload).Decode(message, output);
    }
}
