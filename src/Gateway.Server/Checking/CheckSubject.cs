using System.Net;
using Gateway.Dns;

namespace Gateway.Server.Checking;

/// <summary>What is to be checked, as it was typed: an address, or a host name whose addresses are still to be asked for.</summary>
internal abstract record CheckSubject
{
    private CheckSubject()
    {
    }

    public sealed record OfAddress(IPAddress Address) : CheckSubject;

    public sealed record OfHost(DomainName Name) : CheckSubject;
}

/// <summary>One address to judge.</summary>
/// <param name="Address">Where the mail comes from.</param>
/// <param name="Name">The host name that it was found under; null when the address itself was given.</param>
internal readonly record struct CheckedAddress(IPAddress Address, DomainName? Name);
