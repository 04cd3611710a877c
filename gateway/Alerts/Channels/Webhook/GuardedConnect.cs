using System.Net;
using System.Net.Sockets;

namespace IotEvents.Gateway.Alerts.Channels.Webhook;

/// <summary>Opens the connections of webhooks: only to public addresses, judged by the very address that is connected to.</summary>
/// <remarks>
/// The name is resolved once, here, and what is connected to is the address that was judged: a resolver that answers
/// differently the second time has no second time.
/// </remarks>
internal static class GuardedConnect
{
    /// <summary>Connects to the first address that answers.</summary>
    /// <exception cref="AddressRefusedException">The name has an address, and all its addresses are refused.</exception>
    public static async ValueTask<Stream> ConnectAsync(DnsEndPoint target, CancellationToken stop)
    {
        var addresses = await Dns.GetHostAddressesAsync(target.Host, stop);
        var allowed = addresses.Where(PublicAddress.Is).ToArray();
        if (allowed.Length < addresses.Length && allowed.Length == 0)
        {
            throw new AddressRefusedException(target.Host);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, target.Port, stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>Every address of the name is one of this machine or its networks, and the settings do not allow that.</summary>
/// <param name="host">The name or address.</param>
internal sealed class AddressRefusedException(string host)
    : IOException($"'{host}' is an address of this machine or its network; allow_private: true would allow it");
