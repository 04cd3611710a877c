using System.Net;
using System.Net.Sockets;

namespace IotEvents.EndToEnd.TestKit;

/// <summary>Ports of the loopback nobody listens on.</summary>
internal static class FreePort
{
    /// <summary>One that was free a moment ago and is not given out again soon.</summary>
    public static int Next()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
