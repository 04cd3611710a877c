using System.Net;

namespace IotEvents.Gateway.Api;

/// <summary>The names under which the gateway answers. Everything else may be a page that rebinds its own name to our address.</summary>
public sealed class HostList
{
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase) { "localhost", "127.0.0.1", "[::1]" };
    private readonly bool _anyAddress;

    /// <summary>The names for an address listened on.</summary>
    /// <param name="listen">The address.</param>
    /// <param name="further">Names out of the settings, without a port.</param>
    public HostList(IPAddress listen, IEnumerable<string> further)
    {
        // A rebinding page has a name. Who asks by number asks us, or a machine that forwards to us.
        _anyAddress = !IPAddress.IsLoopback(listen);
        _names.Add(Literal(listen));
        _names.UnionWith(further);
    }

    /// <summary>True when the name, without its port, is one of ours.</summary>
    public bool Allows(string host) =>
        _names.Contains(host) || (_anyAddress && IPAddress.TryParse(host, out _) && host.AsSpan().IndexOfAny(".:") >= 0);

    private static string Literal(IPAddress address) =>
        address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
}
