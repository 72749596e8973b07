using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Dns;

/// <summary>The name under which the PTR records of an address stand.</summary>
public static class ReverseName
{
    private static readonly DomainName InAddrArpa = DomainName.Parse("in-addr.arpa");
    private static readonly DomainName Ip6Arpa = DomainName.Parse("ip6.arpa");

    /// <summary>
    /// Octets reversed under in-addr.arpa (RFC 1035 §3.5), nibbles reversed under ip6.arpa (RFC 3596 §2.5). A mapped
    /// address (::ffff:a.b.c.d) is the IPv4 address that it maps.
    /// </summary>
    public static DomainName Of(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        var isIPv4 = address.AddressFamily == AddressFamily.InterNetwork;
        var text = new StringBuilder(72);
        foreach (var octet in address.GetAddressBytes().Reverse())
            _ = isIPv4 ? text.Append(octet).Append('.') : text.Append($"{octet & 15:x}.{octet >> 4:x}.");
        return DomainName.Parse(text.Append(isIPv4 ? "in-addr.arpa" : "ip6.arpa").ToString());
    }

    /// <summary>Whether a name lies in the reverse trees, where no host has its name.</summary>
    public static bool Contains(DomainName name) => name.IsAtOrBelow(InAddrArpa) || name.IsAtOrBelow(Ip6Arpa);
}
