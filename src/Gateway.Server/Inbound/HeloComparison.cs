using System.Net;
using Gateway.Dns;
using Gateway.Policy.Facts;

namespace Gateway.Server.Inbound;

/// <summary>How the name in HELO and the PTR names of a client agree.</summary>
internal enum HeloMatch
{
    Same,
    OtherName,
    NoName,
}

/// <summary>
/// Compares HELO with the PTR names, as Exchange 2003 did: "whether the client's address matches the host or domain" that it names. Not
/// iprev: nobody asks where the names lead, so a match proves nothing and is never believed, only left without a remark.
/// </summary>
internal static class HeloComparison
{
    public static HeloMatch Of(ClientFacts client, string? helo)
    {
        // Dead DNS and no record look alike here: the lookup "failed".
        if (client.Names.Count == 0)
            return HeloMatch.NoName;
        if (helo is ['[', .. var literal, ']'])
            return Address(literal) is { } address && address.Equals(client.Address) ? HeloMatch.Same : HeloMatch.OtherName;
        return DomainName.TryParse(helo ?? "", out var name) && client.Names.Any(ptr => Names(ptr.Name, name)) ? HeloMatch.Same : HeloMatch.OtherName;
    }

    // "com" is a domain that half of the world lies in: a single label names a host only.
    private static bool Names(DomainName ptr, DomainName helo) => ptr == helo || (helo.Labels.Skip(1).Any() && ptr.IsAtOrBelow(helo));

    // RFC 5321 §4.1.3.
    private static IPAddress? Address(string literal) =>
        IPAddress.TryParse(literal.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase) ? literal.AsSpan(5) : literal, out var address)
            ? address
            : null;
}
