using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Journal.Codec;

/// <summary>Events in records, one after the other.</summary>
internal static class EventCodec
{
    private const byte HasSubject = 1;
    private const byte HasExtensions = 2;
    private const byte Known = HasSubject | HasExtensions;

    // Flags, four lengths, two times, and the length of the data.
    private const int BytesMin = 7;

    public static void Write(BlobWriter to, IReadOnlyList<EventRecord> events)
    {
        for (var index = 0; index < events.Count; index++)
        {
            Write(to, events[index]);
        }
    }

    public static EventRecord[] Read(ref BlobReader from, int count)
    {
        if (count > from.Left / BytesMin)
        {
            from.Fail(JournalDamage.TooShort);
            return [];
        }

        var events = count == 0 ? [] : new EventRecord[count];
        for (var index = 0; index < count && from.IsSound; index++)
        {
            events[index] = Read(ref from);
        }

        return events;
    }

    private static void Write(BlobWriter to, EventRecord item)
    {
        to.Byte((byte)((item.Subject is null ? 0 : HasSubject) | (item.Extensions is null ? 0 : HasExtensions)));
        to.Text(item.Id);
        to.Text(item.Type);
        to.Text(item.Source);
        if (item.Subject is not null)
        {
            to.Text(item.Subject);
        }

        to.Zigzag(item.Time.Nanoseconds);
        to.Zigzag(unchecked(item.RecordedAt.Nanoseconds - item.Time.Nanoseconds));
        to.Bytes(item.Data.Span);
        if (item.Extensions is not null)
        {
            to.Varint((ulong)item.Extensions.Count);
            foreach (var (name, value) in item.Extensions)
            {
                to.Text(name);
                to.Text(value);
            }
        }
    }

    private static EventRecord Read(ref BlobReader from)
    {
        var flags = from.Byte();
        if ((flags & ~Known) != 0)
        {
            from.Fail(JournalDamage.Field);
        }

        var id = from.Text();
        var type = from.Text();
        var source = from.Text();
        var subject = (flags & HasSubject) != 0 ? from.Text() : null;
        var time = from.Zigzag();
        var recordedAt = unchecked(time + from.Zigzag());
        return new EventRecord
        {
            Id = id,
            Type = type,
            Source = source,
            Subject = subject,
            Time = new Timestamp(time),
            RecordedAt = new Timestamp(recordedAt),
            Data = from.Bytes(),
            Extensions = (flags & HasExtensions) != 0 ? ReadExtensions(ref from) : null,
        };
    }

    private static Dictionary<string, string> ReadExtensions(ref BlobReader from)
    {
        var count = from.Count(from.Left / 2);
        var extensions = new Dictionary<string, string>(count, StringComparer.Ordinal);
        for (var index = 0; index < count && from.IsSound; index++)
        {
            if (!extensions.TryAdd(from.Text(), from.Text()))
            {
                from.Fail(JournalDamage.Field);
            }
        }

        return extensions;
    }
}
