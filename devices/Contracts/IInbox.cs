namespace IotEvents.Devices.Contracts;

/// <summary>Where adapters post what they read. Bounded; safe from any thread.</summary>
public interface IInbox
{
    /// <summary>Decodes the message on the calling thread and queues its readings for the next commit. Never blocks.</summary>
    /// <param name="message">The message; nothing of it is kept but what was decoded.</param>
    /// <param name="delivery">Who wants to hear when the readings are durable; null when nobody does.</param>
    /// <param name="tag">Handed back to <paramref name="delivery"/>, so that it knows which message is meant.</param>
    /// <returns>What became of it. When <see cref="PostOutcome.Full"/>, nothing was taken: wait, then post it again.</returns>
    PostOutcome Post(in Message message, IDelivery? delivery = null, ulong tag = 0);

    /// <summary>Queues readings an adapter measured by itself, with no bytes to decode. Otherwise as the other overload.</summary>
    /// <param name="readings">The readings; copied. Empty again after the call unless the inbox is full.</param>
    /// <param name="adapter">The adapter's configured name.</param>
    /// <param name="receivedAt">When they were measured, by the gateway's clock.</param>
    PostOutcome Post(ReadingBuffer readings, string adapter, Timestamp receivedAt);

    /// <summary>Completes when there is room again, or at once when there is.</summary>
    ValueTask WaitForRoomAsync(CancellationToken stop);

    /// <summary>The sender will not repeat the message with this <see cref="Message.OnceKey"/>: drop the key with the next commit.</summary>
    void Forget(ReadOnlySpan<byte> onceKey);

    /// <summary>Counts a message the adapter itself refused, so that every refusal is counted in one place.</summary>
    /// <param name="adapter">The adapter's configured name.</param>
    /// <param name="reason">Why; not <see cref="RejectReason.None"/>.</param>
    void CountRefused(string adapter, RejectReason reason);
}

/// <summary>What became of a posted message.</summary>
public enum PostOutcome
{
    /// <summary>Not posted.</summary>
    None = 0,

    /// <summary>Queued. Its delivery is settled after the commit.</summary>
    Accepted,

    /// <summary>Nothing in it could be used; counted by reason. Its delivery was settled before the call returned.</summary>
    Rejected,

    /// <summary>The inbox is full: nothing was taken and nothing counted. Wait for room and post again.</summary>
    Full,
}
