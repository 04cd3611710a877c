using System.Net;
using System.Net.Sockets;

namespace IotEvents.EndToEnd.TestKit;

/// <summary>Ports of the loopback for servers that must be told theirs before they start.</summary>
internal static class FreePort
{
    // Below the range from which Linux gives ports to outgoing connections (32768 to 60999 by default): a port from that range, free when it was
    // looked at, may carry another program's connection when the server comes to listen.
    private const int First = 20_000;
    private const int Count = 12_000;

    // Two test programs at once begin at different places.
    private static int _last = Environment.ProcessId;

    /// <summary>A port nobody listens on, and that this program has not given out before.</summary>
    /// <exception cref="InvalidOperationException">All of them are taken.</exception>
    public static int Next()
    {
        for (var tried = 0; tried < Count; tried++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _last) % Count);
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException($"Every port from {First} to {First + Count - 1} is taken.");
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}
