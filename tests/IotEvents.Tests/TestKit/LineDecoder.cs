using System.Globalization;
using System.Text;
using IotEvents.Devices.Contracts;

namespace IotEvents.Tests.TestKit;

/// <summary>Reads <c>DEVICE METRIC VALUE [UNIT]</c> lines; <c>bad</c> is malformed, an empty payload gives nothing, <c>?</c> rejects one value.</summary>
internal sealed class LineDecoder(string name = "line") : IPayloadDecoder
{
    public string Name { get; } = name;

    public RejectReason Decode(in Message message, ReadingBuffer output)
    {
        var text = Encoding.UTF8.GetString(message.Payload);
        if (text == "bad")
        {
            return RejectReason.Malformed;
        }

        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line == "?")
            {
                output.Reject(RejectReason.WrongType);
                continue;
            }

            var words = line.Split(' ');
            output.Add(new DecodedReading
            {
                Device = Encoding.UTF8.GetBytes(words[0]),
                Metric = Encoding.UTF8.GetBytes(words[1]),
                Value = double.Parse(words[2], CultureInfo.InvariantCulture),
                Unit = words.Length > 3 ? Units.Get(words[3]) : Unit.None,
                Time = Timestamp.None,
            });
        }

        return RejectReason.None;
    }
}
