using System.Globalization;
using System.Text;
using IotEvents.Devices.Contracts;

namespace IotEvents.Tests.Devices.Decoders;

/// <summary>Decodes one message and shows what came of it as plain text, so that a test compares whole outcomes.</summary>
internal static class Decoding
{
    public static RejectReason Run(IPayloadDecoder decoder, ReadOnlySpan<byte> payload, ReadingBuffer output, string address = "site/a")
    {
        output.Clear();
        var message = new Message
        {
            Address = Encoding.UTF8.GetBytes(address),
            Payload = payload,
            ReceivedAt = new Timestamp(1),
            Adapter = "test",
        };
        return decoder.Decode(message, output);
    }

    /// <summary>Readings as <c>device/metric=value unit@time</c>, then <c>!reason×count</c>, joined by blanks.</summary>
    public static string Show(IPayloadDecoder decoder, string payload, string address = "site/a")
    {
        var output = new ReadingBuffer();
        var reason = Run(decoder, Encoding.UTF8.GetBytes(payload), output, address);
        var parts = new List<string>();
        if (reason != RejectReason.None)
        {
            parts.Add("!!" + reason.Name());
        }

        for (var i = 0; i < output.Count; i++)
        {
            var reading = output[i];
            var time = reading.Time.HasValue ? "@" + reading.Time : "";
            parts.Add($"{Encoding.UTF8.GetString(reading.Device)}/{Encoding.UTF8.GetString(reading.Metric)}=" +
                $"{reading.Value.ToString(CultureInfo.InvariantCulture)}{reading.Unit.Display}{time}");
        }

        foreach (var left in Enum.GetValues<RejectReason>().Where(left => output.Rejected(left) > 0))
        {
            parts.Add($"!{left.Name()}×{output.Rejected(left)}");
        }

        return string.Join(' ', parts);
    }
}
