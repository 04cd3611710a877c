namespace IotEvents.Gateway.Alerts;

/// <summary>Why a notification was given up. Closed; numbers are stored and never change meaning.</summary>
public enum FailReason
{
    /// <summary>It was not.</summary>
    None = 0,

    /// <summary>The receiver said that it will never take it.</summary>
    Refused = 1,

    /// <summary>It was not delivered within the longest age.</summary>
    TooOld = 2,

    /// <summary>No channel of that name is configured.</summary>
    UnknownChannel = 3,

    /// <summary>Too many notifications wait for the channel already.</summary>
    OutboxFull = 4,
}

/// <summary>Names as users see them.</summary>
public static class FailReasons
{
    private static readonly string[] Names = ["none", "refused", "too-old", "unknown-channel", "outbox-full"];

    /// <summary>How many reasons there are, <see cref="FailReason.None"/> included.</summary>
    public static int Count => Names.Length;

    /// <summary>As in <c>data.reason</c> of the event <c>iotevents.alert.failed</c>.</summary>
    public static string Name(this FailReason reason) => Names[(int)reason];
}
