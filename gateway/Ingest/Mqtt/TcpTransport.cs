using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace IotEvents.Gateway.Ingest.Mqtt;

/// <summary>A connection over TCP.</summary>
internal sealed class TcpTransport : IMqttTransport
{
    private const int DrainBytesMax = 1 << 20;

    private readonly Socket _socket;
    private readonly TimeProvider _clock;

    private TcpTransport(Socket socket, TimeProvider clock)
    {
        _socket = socket;
        _clock = clock;
        Remote = socket.RemoteEndPoint as IPEndPoint;
        Local = socket.LocalEndPoint as IPEndPoint;
        socket.NoDelay = true; // Without it an acknowledgement may wait 40 ms for the one before.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 60);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 10);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
    }

    /// <summary>Takes over an accepted socket and sets it up: no Nagle, and TCP keep-alive that finds a dead peer in 90 s.</summary>
    /// <returns>Null when the peer has gone already; the socket is closed then.</returns>
    public static TcpTransport? TryOpen(Socket socket, TimeProvider clock)
    {
        try
        {
            return new TcpTransport(socket, clock);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    /// <inheritdoc/>
    public IPEndPoint? Remote { get; }

    /// <inheritdoc/>
    public IPEndPoint? Local { get; }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        try
        {
            return await _socket.ReceiveAsync(buffer, SocketFlags.None, CancellationToken.None);
        }
        catch (Exception error) when (IsLinkError(error))
        {
            return 0;
        }
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None, CancellationToken.None)..];
            }

            return true;
        }
        catch (Exception error) when (IsLinkError(error))
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void StopReceiving() => Shutdown(SocketShutdown.Receive);

    /// <inheritdoc/>
    /// <remarks>Closing with unread bytes would send RST, and the peer might never see our last packet: so they are read.</remarks>
    public async ValueTask CloseAsync()
    {
        Shutdown(SocketShutdown.Send);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1), _clock);
        var buffer = new byte[4096];
        try
        {
            for (var drained = 0; drained < DrainBytesMax;)
            {
                var count = await _socket.ReceiveAsync(buffer, SocketFlags.None, limit.Token);
                if (count == 0)
                {
                    break;
                }

                drained += count;
            }
        }
        catch (Exception error) when (IsLinkError(error))
        {
            // The peer has gone: there is nobody to wait for.
        }

        _socket.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private static bool IsLinkError(Exception error) =>
        error is SocketException or ObjectDisposedException or OperationCanceledException;

    private void Shutdown(SocketShutdown how)
    {
        try
        {
            _socket.Shutdown(how);
        }
        catch (Exception error) when (IsLinkError(error))
        {
            // Already closed by the peer.
        }
    }
}
