using System.Net;
using Gateway.Dns;

namespace Gateway.Policy.Facts;

/// <summary>The results of iprev (RFC 8601 §2.7.3).</summary>
public enum IprevStatus
{
    /// <summary>A PTR name leads back to the address.</summary>
    Pass,

    /// <summary>There are PTR names, and none leads back.</summary>
    Fail,

    /// <summary>There is no PTR record: name error or no data.</summary>
    PermError,

    /// <summary>The DNS could not say.</summary>
    TempError,
}

/// <summary>One PTR name and where it leads.</summary>
/// <param name="Name">Hostile; <see cref="DomainName.ToString"/> escapes it.</param>
/// <param name="Forward">
/// The answer to A or AAAA; null when there is none: no host name, over the limit, or another name led back first.
/// </param>
/// <param name="IsConfirmed">One of the addresses is the client's.</param>
public sealed record PtrName(DomainName Name, DnsAnswer? Forward, bool IsConfirmed)
{
    /// <summary>Whether a host can have this name: a fully qualified one, no address, not in the reverse trees.</summary>
    public bool IsHostName => Name.IsHostName && !ReverseName.Contains(Name);
}

/// <summary>One query of the trail that explains a verdict.</summary>
public sealed record TrailStep(DnsAnswer Answer, TimeSpan Elapsed);

/// <summary>What the reverse DNS says about a client (RFC 8601 §3).</summary>
/// <param name="Address">Never IPv4-mapped.</param>
/// <param name="Iprev">Pass beats temperror beats fail.</param>
/// <param name="Names">Every PTR name that was looked at, in the order of the answer.</param>
/// <param name="Detail">One sentence that says why, safe to show.</param>
/// <param name="Trail">Each query, its answer and its time.</param>
/// <param name="Elapsed">The whole lookup.</param>
public sealed record ClientFacts(
    IPAddress Address,
    IprevStatus Iprev,
    IReadOnlyList<PtrName> Names,
    string Detail,
    IReadOnlyList<TrailStep> Trail,
    TimeSpan Elapsed) : IFactSheet
{
    /// <summary>The first name that leads back to the address: the only one that may be believed.</summary>
    public DomainName? ConfirmedName => Names.FirstOrDefault(name => name.IsConfirmed)?.Name;

    public bool IsIPv6 => Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;

    bool IFactSheet.IsSettled => Iprev != IprevStatus.TempError;
}
