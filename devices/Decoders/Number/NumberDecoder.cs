using System.Text.Unicode;
using IotEvents.Devices.Contracts;

namespace IotEvents.Devices.Decoders.Number;

/// <summary>Reads a payload that is one value: <c>21.5</c>, <c>21.5 °C</c>, <c>21.5C</c>, <c>ON</c>, <c>"closed"</c>.</summary>
/// <remarks>
/// Device and metric: <see cref="TopicNames.TrySplit"/>. Words: on/off, true/false, open/closed, online/offline in any case
/// are 1 and 0. Spaces, line ends and a pair of quotes around the value are dropped.
/// </remarks>
public sealed class NumberDecoder : IPayloadDecoder
{
    /// <inheritdoc/>
    public string Name => "number";

    /// <inheritdoc/>
    public RejectReason Decode(in Message message, ReadingBuffer output)
    {
        var text = ValueText.Trim(message.Payload);
        if (text.IsEmpty)
        {
            return RejectReason.Empty;
        }

        text = text is [(byte)'"', .., (byte)'"'] && text.Length > 1 ? text[1..^1] : text;
        var reason = ValueText.Read(text, glued: true, decimalComma: false, out var value, out var unit);
        if (reason != RejectReason.None)
        {
            return reason == RejectReason.WrongType && !Utf8.IsValid(text) ? RejectReason.BadUtf8 : reason;
        }

        if (!TopicNames.TrySplit(message.Address, out var device, out var metric))
        {
            return RejectReason.InvalidTopic;
        }

        output.Add(new DecodedReading { Device = device, Metric = metric, Value = value, Unit = unit });
        return RejectReason.None;
    }
}
