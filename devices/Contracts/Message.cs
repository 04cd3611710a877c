namespace IotEvents.Devices.Contracts;

/// <summary>Bytes from a link, with the address they came under and the time they came.</summary>
/// <remarks>
/// Lives on the stack of the thread that read the link: the spans point into its receive buffer, and whoever wants to
/// keep anything copies it. That is what keeps a message free of garbage.
/// </remarks>
public readonly ref struct Message
{
    /// <summary>UTF-8 without NUL. For MQTT the topic; for a serial line <c>NAME</c>; for HTTP the path.</summary>
    public required ReadOnlySpan<byte> Address { get; init; }

    /// <summary>The payload as the link gave it, already without framing. May be empty.</summary>
    public required ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>When the gateway read it, by the gateway's clock.</summary>
    public required Timestamp ReceivedAt { get; init; }

    /// <summary>The adapter's configured name, for counters and logs; for example <c>broker</c> or <c>meter</c>.</summary>
    public required string Adapter { get; init; }

    /// <summary>The decoder the adapter's settings ask for; null leaves the choice to the topic map, then to the default.</summary>
    public string? Decoder { get; init; }

    /// <summary>What the link says about the message beyond its bytes.</summary>
    public MessageTraits Traits { get; init; }

    /// <summary>
    /// A key under which the sender may repeat this message until it is told otherwise, or empty. The key is stored in the
    /// same transaction as the message; a message whose key is stored is settled as stored and not stored again, until
    /// <see cref="IInbox.Forget"/>. MQTT QoS 2 uses client id and packet id.
    /// </summary>
    public ReadOnlySpan<byte> OnceKey { get; init; }
}

/// <summary>What a link can say about a message beyond its bytes.</summary>
[Flags]
public enum MessageTraits
{
    /// <summary>A plain, fresh message.</summary>
    None = 0,

    /// <summary>A last-known value a broker kept from before the connection: never fresh, never fires a rule.</summary>
    Retained = 1,

    /// <summary>The sender says it may have sent this before (MQTT DUP).</summary>
    PossibleDuplicate = 2,
}
