using System.Net;
using Gateway.Dns;
using Gateway.Policy.Facts;
using Gateway.Smtp;

namespace Gateway.Policy;

/// <summary>
/// Who is not judged. One central step before all checks, so that no check can forget it. It exempts from checks only:
/// whether a recipient is ours, and who may relay, is asked elsewhere.
/// </summary>
public sealed record Exemptions
{
    // RFC 1122 §3.2.1.3, RFC 4291 §2.5.3, RFC 1918, RFC 3927, RFC 4193, RFC 4291 §2.5.6: addresses whose PTR records no
    // public DNS can hold.
    private static readonly IPNetwork[] PrivateNetworks =
    [
        IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128"),
        IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("fc00::/7"), IPNetwork.Parse("fe80::/10"),
    ];

    /// <summary>Loopback, private, unique local and link-local addresses.</summary>
    public bool ExemptPrivate { get; init; } = true;

    public IReadOnlyList<IPNetwork> Networks { get; init; } = [];

    /// <summary>Domains of the client's confirmed name: the name itself or one below it.</summary>
    public IReadOnlyList<DomainName> Names { get; init; } = [];

    /// <summary>Lists of addresses (RFC 5782) that speak for who is on them.</summary>
    public IReadOnlyList<DomainName> Lists { get; init; } = [];

    /// <summary><c>user@example.com</c>, <c>@example.com</c>, <c>user</c> at any domain, <c>&lt;&gt;</c> for the null reverse-path.</summary>
    public IReadOnlyList<string> Senders { get; init; } = [];

    /// <summary>As senders. RFC 5321 §4.5.1 and RFC 2142 §4 want these two reachable.</summary>
    public IReadOnlyList<string> Recipients { get; init; } = ["postmaster", "abuse"];

    /// <summary>Why the address is exempt; null when it is not.</summary>
    public string? ByAddress(IPAddress address)
    {
        if (ExemptPrivate && Containing(PrivateNetworks, address) is { } isPrivate)
            return $"{address} is private ({isPrivate})";
        return Containing(Networks, address) is { } network ? $"{address} is in the exempt network {network}" : null;
    }

    /// <summary>Why the client's name exempts it; null when it does not. A name that does not lead back is never believed.</summary>
    public string? ByName(ClientFacts client)
    {
        if (client.Iprev != IprevStatus.Pass || client.ConfirmedName is not { } name)
            return null;
        foreach (var domain in Names)
            if (name.IsAtOrBelow(domain))
                return $"the confirmed name {name} is in the exempt domain {domain}";
        return null;
    }

    public string? BySender(ReversePath sender)
    {
        foreach (var entry in Senders)
            if (sender.Mailbox is { } mailbox ? Matches(entry, mailbox) : entry == "<>")
                return $"the sender is exempt ({entry})";
        return null;
    }

    public string? ByRecipient(ForwardPath recipient)
    {
        foreach (var entry in Recipients)
            if (Matches(entry, recipient.Mailbox))
                return $"the recipient is exempt ({entry})";
        return null;
    }

    private static IPNetwork? Containing(IReadOnlyList<IPNetwork> networks, IPAddress address)
    {
        for (var i = 0; i < networks.Count; i++)
            if (networks[i].Contains(address))
                return networks[i];
        return null;
    }

    private static bool Matches(string entry, Mailbox mailbox)
    {
        var at = entry.LastIndexOf('@');
        var local = at < 0 ? entry : entry.AsSpan(0, at);
        var domain = at < 0 ? default : entry.AsSpan(at + 1);
        return (local.IsEmpty || local.Equals(Unquoted(mailbox.LocalPart), StringComparison.OrdinalIgnoreCase))
            && (domain.IsEmpty || domain.Equals(mailbox.Domain.AsSpan().TrimEnd('.'), StringComparison.OrdinalIgnoreCase))
            && !(local.IsEmpty && domain.IsEmpty);
    }

    // RFC 5321 §4.1.2: "postmaster" in quotes is the same mailbox.
    private static ReadOnlySpan<char> Unquoted(string localPart) =>
        localPart is ['"', _, .., '"'] && !localPart.Contains('\\') ? localPart.AsSpan(1, localPart.Length - 2) : localPart;
}
