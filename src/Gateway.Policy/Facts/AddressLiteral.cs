using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Policy.Facts;

/// <summary>An address in brackets where a name may stand: <c>[192.0.2.1]</c>, <c>[IPv6:2001:db8::1]</c> (RFC 5321 §4.1.3).</summary>
internal static class AddressLiteral
{
    // An IPv6 address stands behind its tag. IPAddress alone would also take "[1]", "[0x7f.1]", zones and ports.
    public static bool TryParse(string text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        if (text is not ['[', .. var inner, ']'])
            return false;
        if (inner.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase))
            return !inner.AsSpan().ContainsAny("[]%")
                && IPAddress.TryParse(inner.AsSpan(5), out address) && address.AddressFamily == AddressFamily.InterNetworkV6;
        return IPAddress.TryParse(inner, out address) && address.AddressFamily == AddressFamily.InterNetwork && address.ToString() == inner;
    }
}
