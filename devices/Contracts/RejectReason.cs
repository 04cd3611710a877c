namespace IotEvents.Devices.Contracts;

/// <summary>Why a message, or one value in it, did not become a reading. Each has its counter, created with value 0.</summary>
/// <remarks>A metric label and a name in status: <see cref="RejectReasons.Name"/>. Closed: every reason is in this list.</remarks>
public enum RejectReason
{
    /// <summary>It was not rejected.</summary>
    None = 0,

    /// <summary>The bytes are not the format the decoder reads.</summary>
    Malformed,

    /// <summary>The payload or a string in it is not UTF-8.</summary>
    BadUtf8,

    /// <summary>A value of a kind that has no number: text, null, list.</summary>
    WrongType,

    /// <summary>NaN, infinity, or a number beyond what a double holds.</summary>
    NotFinite,

    /// <summary>A time that cannot be: unreadable, or outside the accepted window. The value is kept with the receive time.</summary>
    AbsurdTime,

    /// <summary>A unit no table knows: the number means nothing without it.</summary>
    UnknownUnit,

    /// <summary>A unit of another kind than the series has: kPa into a temperature.</summary>
    WrongUnit,

    /// <summary>Longer than the limit of the link.</summary>
    Oversize,

    /// <summary>Nested deeper than the decoder follows.</summary>
    TooDeep,

    /// <summary>More values in one message than the limit.</summary>
    TooMany,

    /// <summary>An address that names no device, or with characters an address must not have.</summary>
    InvalidTopic,

    /// <summary>Well-formed, but there is no value in it.</summary>
    Empty,

    /// <summary>The very same reading was stored before.</summary>
    Duplicate,

    /// <summary>The gateway has reached its limit of series: a new one is not taken.</summary>
    SeriesLimit,

    /// <summary>A queue is full, and the link cannot wait.</summary>
    Overload,
}

/// <summary>Names of the reasons as users see them.</summary>
public static class RejectReasons
{
    private static readonly string[] Names =
    [
        "none", "malformed", "bad-utf8", "wrong-type", "not-finite", "absurd-time", "unknown-unit", "wrong-unit", "oversize",
        "too-deep", "too-many", "invalid-topic", "empty", "duplicate", "series-limit", "overload",
    ];

    /// <summary>How many reasons there are, <see cref="RejectReason.None"/> included.</summary>
    public static int Count => Names.Length;

    /// <summary>The reason in lower case with dashes, as in metrics, logs and status.</summary>
    public static string Name(this RejectReason reason) => Names[(int)reason];
}
