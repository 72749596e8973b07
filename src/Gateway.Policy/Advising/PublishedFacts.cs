using System.Net;
using Gateway.Dns;
using Gateway.Policy.Facts;

namespace Gateway.Policy.Advising;

/// <summary>What is published about a sender: all that the resolution of KB300171 looks at.</summary>
/// <param name="Client">The reverse DNS of the address.</param>
/// <param name="Sender">The domain of the return address; null when none was given.</param>
/// <param name="Exchanges">The sender domain's MX records, in order of preference, with their hosts.</param>
/// <param name="Helo">The host that HELO names; null when none was given, or it is no host name.</param>
/// <param name="Trail">The queries beyond those of client and sender.</param>
public sealed record PublishedFacts(
    ClientFacts Client,
    SenderDomainFacts? Sender,
    IReadOnlyList<(MxRecord Record, HostAddresses Host)> Exchanges,
    HostAddresses? Helo,
    IReadOnlyList<TrailStep> Trail)
{
    /// <summary>Who serves the reverse zone of the address; null when nobody had to ask, for the PTR record is right.</summary>
    public ReverseZone? Zone { get; init; }

    public IPAddress Address => Client.Address;

    /// <summary>The sender's domain, if it is a name.</summary>
    public DomainName? Domain => Sender?.Trail is [var first, ..] ? first.Answer.Question.Name : null;

    /// <summary>The hosts that are known by name, the most likely mail server first.</summary>
    public IEnumerable<HostAddresses> Hosts => Exchanges.Select(static exchange => exchange.Host).Prepend(Helo).OfType<HostAddresses>();
}
