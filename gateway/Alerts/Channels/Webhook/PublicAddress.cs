using System.Net;
using System.Net.Sockets;

namespace IotEvents.Gateway.Alerts.Channels.Webhook;

/// <summary>Tells addresses of the open Internet from those of this machine and the networks it stands in.</summary>
/// <remarks>By the registries of special-purpose addresses (RFC 6890 and its updates), IPv4 inside IPv6 looked through.</remarks>
public static class PublicAddress
{
    private static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
            "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
            "224.0.0.0/3",
            "::/127", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10",
            "ff00::/8",
        }.Select(network => IPNetwork.Parse(network)),
    ];

    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork LocalNat64 = IPNetwork.Parse("64:ff9b:1::/48");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    /// <summary>False for loopback, private, link-local, metadata, unique-local, multicast, reserved, and for IPv6 that holds such an IPv4.</summary>
    public static bool Is(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            // Mapped (::ffff:a.b.c.d) and the long deprecated compatible form (::a.b.c.d) reach the IPv4 address itself.
            if (address.IsIPv4MappedToIPv6 || bytes.AsSpan(0, 12).IndexOfAnyExcept((byte)0) < 0)
            {
                return Is(new IPAddress(bytes.AsSpan(12)));
            }

            if (LocalNat64.Contains(address) || Embedded(address, bytes) is { } inside && !Is(inside))
            {
                return false;
            }
        }

        // A scope id makes no difference to what an address is, but IPNetwork compares it.
        var plain = new IPAddress(bytes);
        return !Special.Any(network => network.Contains(plain));
    }

    private static IPAddress? Embedded(IPAddress address, byte[] bytes) =>
        Nat64.Contains(address) ? new IPAddress(bytes.AsSpan(12))
        : SixToFour.Contains(address) ? new IPAddress(bytes.AsSpan(2, 4))
        : null;
}
