using System.Net;
using Gateway.Dns;
using Gateway.Policy.Facts;

namespace Gateway.Policy.Advising;

/// <summary>Who can publish a record, or repair what is not in the DNS.</summary>
internal static class Publisher
{
    public const string Server = "the administrator of the mail server";
    public const string Nobody = "nobody";

    /// <summary>
    /// Reverse zones belong to whoever holds the addresses, seldom to who uses them; but a zone can be delegated to a company's own DNS
    /// server, also for less than 256 addresses (RFC 2317). KB300171 has the PTR record created there.
    /// </summary>
    /// <param name="address">The address.</param>
    /// <param name="zone">The reverse zone and its servers; null when that was not asked for.</param>
    public static string Of(IPAddress address, ReverseZone? zone = null)
    {
        const string usually = "usually your provider, or your company if the reverse zone is delegated to its DNS servers";
        var owner = $"the owner of the address {address}: {usually}";
        return zone is { Servers.Count: > 0 }
            ? $"{owner}. Its zone {Wording.Shown(zone.Name)} is served by {Wording.Listed([.. zone.Servers.Select(Wording.Shown)])}"
            : owner;
    }

    public static string Of(DomainName domain) => $"the owner of the domain {Wording.Shown(domain)}";

    /// <summary>For a host: the sender's domain if it lies there, else what stands above it.</summary>
    public static string OfHost(DomainName host, DomainName? sender) =>
        sender is not null && host.IsAtOrBelow(sender) ? Of(sender)
        : host.Parent is { IsRoot: false, Parent.IsRoot: false } parent ? Of(parent)
        : Of(host);
}
