using System.Text.Unicode;
using IotEvents.Devices.Contracts;

namespace IotEvents.Devices.Decoders.KeyValue;

/// <summary>Reads pairs of names and values: <c>T=21.5 H=40</c>, <c>temp:21.5;hum:40</c>, <c>T=21.5C</c>, <c>T: 21.5 °C</c>.</summary>
/// <remarks>
/// A name ends at the first <c>=</c> or <c>:</c>, a value at a space, <c>;</c>, <c>&amp;</c>, <c>|</c>, line end or <c>,</c>. In
/// a payload with a <c>;</c> the comma is a decimal comma instead. A word behind a value that is a unit belongs to it; any
/// other word alone is counted. <c>ts</c>, <c>time</c> and <c>timestamp</c> are the time of all pairs. Of a name given twice
/// the last stands. Device: <see cref="TopicNames.TryDevice"/>.
/// </remarks>
public sealed class KeyValueDecoder : IPayloadDecoder
{
    /// <inheritdoc/>
    public string Name => "kv";

    /// <inheritdoc/>
    public RejectReason Decode(in Message message, ReadingBuffer output)
    {
        var text = ValueText.Trim(message.Payload);
        if (text.IsEmpty)
        {
            return RejectReason.Empty;
        }

        if (!Utf8.IsValid(text))
        {
            return RejectReason.BadUtf8;
        }

        if (!TopicNames.TryDevice(message.Address, out var device))
        {
            return RejectReason.InvalidTopic;
        }

        var time = Timestamp.None;
        var pairs = new PairScanner(text);
        var count = 0;
        while (pairs.MoveNext())
        {
            if (pairs.Name.IsEmpty)
            {
                output.Reject(RejectReason.WrongType);
                continue;
            }

            count++;
            if (!DeviceTime.IsName(pairs.Name))
            {
                Add(device, pairs, output);
            }
            else if (!DeviceTime.TryRead(pairs.Value, out time))
            {
                output.Reject(RejectReason.AbsurdTime);
            }
        }

        if (count == 0)
        {
            output.Clear();
            return RejectReason.Malformed;
        }

        output.Stamp(0, time);
        return RejectReason.None;
    }

    private static void Add(ReadOnlySpan<byte> device, in PairScanner pair, ReadingBuffer output)
    {
        Span<byte> metric = stackalloc byte[TopicNames.MetricBytesMax];
        var length = TopicNames.Copy(pair.Name, metric);
        if (length < 0)
        {
            output.Reject(RejectReason.Oversize);
            return;
        }

        var reason = ValueText.Read(pair.Value, glued: true, pair.DecimalComma, out var value, out var unit);
        if (reason != RejectReason.None)
        {
            output.Reject(reason);
            return;
        }

        unit = pair.Unit.IsKnown ? pair.Unit : unit;
        output.Put(new DecodedReading { Device = device, Metric = metric[..length], Value = value, Unit = unit }, 0);
    }
}
