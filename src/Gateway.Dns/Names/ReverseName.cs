using System.Net;
using System.Net.Sockets;

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
    public static DomainName Of(IPAddress address) =>
        Below(address.AddressFamily == AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6 ? InAddrArpa : Ip6Arpa, address)!;

    /// <summary>The same labels below another name, as lists of addresses use them (RFC 5782 §2.1); null when it becomes too long.</summary>
    public static DomainName? Below(DomainName zone, IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        Span<byte> octets = stackalloc byte[16];
        address.TryWriteBytes(octets, out var count);
        Span<byte> wire = stackalloc byte[64 + DomainName.MaxLength];
        var length = 0;
        for (var i = count - 1; i >= 0; i--)
        {
            if (count == 4)
                AppendLabel(wire, ref length, octets[i], default);
            else
            {
                AppendLabel(wire, ref length, (byte)(octets[i] & 15), "x");
                AppendLabel(wire, ref length, (byte)(octets[i] >> 4), "x");
            }
        }
        zone.Wire.CopyTo(wire[length..]);
        return DomainName.FromWire(wire[..(length + zone.Wire.Length)]);
    }

    /// <summary>Whether a name lies in the reverse trees, where no host has its name.</summary>
    public static bool Contains(DomainName name) => name.IsAtOrBelow(InAddrArpa) || name.IsAtOrBelow(Ip6Arpa);

    private static void AppendLabel(Span<byte> wire, ref int length, byte value, ReadOnlySpan<char> format)
    {
        value.TryFormat(wire[(length + 1)..], out var digits, format);
        wire[length] = (byte)digits;
        length += 1 + digits;
    }
}
