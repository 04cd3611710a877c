using System.Net;
using System.Net.WebSockets;

namespace IotEvents.Gateway.Ingest.Mqtt;

/// <summary>A connection over WebSocket (MQTT 5.0 §6): binary messages, whose borders mean nothing.</summary>
internal sealed class WebSocketTransport : IMqttTransport
{
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(1);

    private readonly WebSocket _socket;
    private readonly CancellationTokenSource _stop;

    /// <summary>Takes an accepted WebSocket; it stays the caller's to dispose.</summary>
    /// <param name="socket">The socket, already upgraded with the subprotocol <c>mqtt</c>.</param>
    /// <param name="remote">Where the client is; null when unknown.</param>
    /// <param name="stop">The request's end, or the gateway's.</param>
    public WebSocketTransport(WebSocket socket, IPEndPoint? remote, CancellationToken stop)
    {
        _socket = socket;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Remote = remote;
    }

    /// <inheritdoc/>
    public IPEndPoint? Remote { get; }

    /// <inheritdoc/>
    public IPEndPoint? Local => null;

    /// <inheritdoc/>
    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        try
        {
            while (true)
            {
                var result = await _socket.ReceiveAsync(buffer, _stop.Token);
                if (result.MessageType != WebSocketMessageType.Binary)
                {
                    return 0; // Close; or text, which MQTT-6.0.0-1 answers with closing.
                }

                if (result.Count > 0)
                {
                    return result.Count;
                }
            }
        }
        catch (Exception error) when (IsLinkError(error))
        {
            return 0;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await _socket.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, _stop.Token);
            return true;
        }
        catch (Exception error) when (IsLinkError(error))
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void StopReceiving()
    {
        try
        {
            _stop.CancelAfter(Goodbye);
        }
        catch (ObjectDisposedException)
        {
            // Already closed.
        }
    }

    /// <inheritdoc/>
    public async ValueTask CloseAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(Goodbye);
            if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
            }
        }
        catch (Exception error) when (IsLinkError(error))
        {
            _socket.Abort();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private static bool IsLinkError(Exception error) =>
        error is WebSocketException or IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException;
}
