using System.Net;
using System.Net.Sockets;
using Gateway.Dns;

namespace Gateway.Policy.Checks;

/// <summary>How much of an address a name holds.</summary>
internal enum DigitMatch
{
    None,

    /// <summary>The last two octets side by side: as good as certain, but a server farm may count so, too.</summary>
    Part,

    /// <summary>Three octets or more: no coincidence.</summary>
    Most,
}

/// <summary>
/// Finds the digits of an address in a name: decimal, zero-padded, hexadecimal, in order or reversed, apart or joined; of IPv6
/// groups and nibbles. Without garbage, for every client has a name.
/// </summary>
internal static class AddressDigits
{
    /// <param name="name">Lower case.</param>
    /// <param name="address">The client's.</param>
    public static DigitMatch In(ReadOnlySpan<char> name, IPAddress address)
    {
        Span<byte> octets = stackalloc byte[16];
        address.TryWriteBytes(octets, out var count);
        octets = octets[..count];
        Span<char> joined = stackalloc char[DomainName.MaxLength];
        joined = joined[..Join(name, joined)];
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            return IPv6Digits.AreIn(name, joined, octets, address) ? DigitMatch.Most : DigitMatch.None;

        var forward = IPv4Digits.In(name, joined, octets, pairAt: 2);
        if (forward == DigitMatch.Most)
            return forward;
        octets.Reverse();
        var backward = IPv4Digits.In(name, joined, octets, pairAt: 0);
        return forward > backward ? forward : backward;
    }

    /// <summary>Letters and digits without the signs between.</summary>
    private static int Join(ReadOnlySpan<char> name, Span<char> joined)
    {
        var length = 0;
        foreach (var c in name)
            if (char.IsAsciiLetterOrDigit(c))
                joined[length++] = c;
        return length;
    }
}
