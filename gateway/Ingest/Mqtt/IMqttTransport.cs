using System.Net;

namespace IotEvents.Gateway.Ingest.Mqtt;

/// <summary>The bytes of one connection, over TCP or WebSocket. The world's errors are values here, never exceptions.</summary>
internal interface IMqttTransport : IDisposable
{
    /// <summary>Where the other end is; null when unknown.</summary>
    IPEndPoint? Remote { get; }

    /// <summary>Where this end is; null when unknown.</summary>
    IPEndPoint? Local { get; }

    /// <summary>Waits for bytes. One call at a time.</summary>
    /// <returns>How many came; 0 when none will come any more.</returns>
    ValueTask<int> ReceiveAsync(Memory<byte> buffer);

    /// <summary>Sends all of the bytes. One call at a time.</summary>
    /// <returns>False when the link is broken.</returns>
    ValueTask<bool> SendAsync(ReadOnlyMemory<byte> bytes);

    /// <summary>Makes a waiting <see cref="ReceiveAsync"/> return soon; what was sent before still goes out. From any thread.</summary>
    void StopReceiving();

    /// <summary>Says goodbye so that the last bytes arrive, waits a second at most for the other end, and closes.</summary>
    ValueTask CloseAsync();
}
