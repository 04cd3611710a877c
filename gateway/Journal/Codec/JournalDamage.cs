namespace IotEvents.Gateway.Journal.Codec;

/// <summary>Why a record cannot be read. Closed, so that each becomes a label of a counter.</summary>
public enum JournalDamage
{
    /// <summary>It can be read.</summary>
    None = 0,

    /// <summary>The checksum does not fit the bytes.</summary>
    Checksum,

    /// <summary>The codec's number is not known here.</summary>
    Codec,

    /// <summary>The bytes end before the record does.</summary>
    TooShort,

    /// <summary>The bytes go on after the record's end.</summary>
    TooLong,

    /// <summary>A count is larger than any record may hold, or differs from the row's.</summary>
    Count,

    /// <summary>A field holds what no writer writes.</summary>
    Field,

    /// <summary>The disk or SQLite could not give the row.</summary>
    Unreadable,
}
