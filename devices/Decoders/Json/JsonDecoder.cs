using System.Text.Unicode;
using IotEvents.Devices.Contracts;

namespace IotEvents.Devices.Decoders.Json;

/// <summary>Reads any JSON: every number in it becomes a reading named by the path of members that leads to it.</summary>
/// <remarks>
/// <para>Device and, for a value alone, metric: <see cref="TopicNames"/>. Members of members are joined with a dot, items of
/// a list are numbered from 0 (<c>phase.0</c>); a list at the root holds records, each with its own time.</para>
/// <para>A boolean is 1 or 0; so are the texts on/off, true/false, open/closed, online/offline. A text that is a number, with
/// a unit or without, is that number. A bare <c>nan</c> or <c>Infinity</c>, which JSON does not have, costs its member and
/// not the message. Of a member given twice the last stands.</para>
/// <para><c>ts</c>, <c>time</c> and <c>timestamp</c> of a record are its time (<see cref="DeviceTime"/>), <c>unit</c> or
/// <c>u</c> the unit of the <c>value</c> beside it.</para>
/// </remarks>
public sealed class JsonDecoder : IPayloadDecoder
{
    /// <summary>The deepest nesting that is followed: the whole message is refused beyond it, as a parser bomb.</summary>
    public const int DepthMax = 32;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <inheritdoc/>
    public string Name => "json";

    /// <inheritdoc/>
    public RejectReason Decode(in Message message, ReadingBuffer output)
    {
        var json = message.Payload;
        json = json.StartsWith(ByteOrderMark) ? json[ByteOrderMark.Length..] : json;

        // JSON begins with an ASCII character; a NUL beside it is UTF-16.
        if (!Utf8.IsValid(json) || json is [0, ..] or [_, 0, ..])
        {
            return RejectReason.BadUtf8;
        }

        // One byte more than a name may have, so that a name too long can be told from one that just fits.
        Span<byte> path = stackalloc byte[TopicNames.MetricBytesMax + 1];
        Span<byte> text = stackalloc byte[ValueText.BytesMax];
        var walk = new JsonWalk(json, message.Address, path, text, output);
        if (!walk.Run())
        {
            output.Clear();
            return walk.Failure;
        }

        return output.Count + output.RejectedCount > 0 ? RejectReason.None : RejectReason.Empty;
    }
}
