using System.Net;

namespace Gateway.Policy.Advising;

/// <summary>Whether an address is one that other mail servers on the Internet can see.</summary>
public static class PublicAddress
{
    // What the gateway exempts as private is the first part of it (RFC 1918, RFC 4193, loopback and link-local addresses).
    private static readonly Exemptions Private = new();

    private static readonly (IPNetwork Network, string Use)[] Special =
    [
        (IPNetwork.Parse("100.64.0.0/10"), "is shared by many customers of a provider (RFC 6598)"),
        (IPNetwork.Parse("0.0.0.0/8"), "is not the address of a host (RFC 1122)"),
        (IPNetwork.Parse("224.0.0.0/4"), "is a multicast address (RFC 5771)"),
        (IPNetwork.Parse("240.0.0.0/4"), "is reserved (RFC 1112)"),
        (IPNetwork.Parse("::/128"), "is not the address of a host (RFC 4291)"),
        (IPNetwork.Parse("ff00::/8"), "is a multicast address (RFC 4291)"),
    ];

    /// <summary>Why nobody on the Internet sees a connection from this address, as a sentence; null when they do.</summary>
    public static string? WhyNot(IPAddress address)
    {
        if (Private.ByAddress(address) is { } reason)
            return reason;
        foreach (var (network, use) in Special)
            if (network.Contains(address))
                return $"{address} {use}";
        return null;
    }
}
