using System.Net;
using System.Net.Sockets;
using Gateway.Dns;

namespace Gateway.Policy.Advising;

/// <summary>The zone in which the PTR record of an address stands, or would stand, and the name servers that have it.</summary>
public sealed record ReverseZone(DomainName Name, IReadOnlyList<DomainName> Servers)
{
    /// <summary>
    /// Where reverse zones are cut, the narrowest first: at octets of an IPv4 address, which the provider's zone is one of, and for IPv6
    /// at a subnet, a site and a provider (RFC 6177).
    /// </summary>
    public static IReadOnlyList<DomainName> Candidates(IPAddress address)
    {
        int[] labels = address.AddressFamily == AddressFamily.InterNetwork ? [1, 2] : [16, 20, 24];
        return [.. labels.Select(count => Above(ReverseName.Of(address), count)).OfType<DomainName>()];
    }

    /// <summary>The narrowest zone of which a name server is known.</summary>
    public static ReverseZone? Of(IEnumerable<DnsAnswer> answers)
    {
        foreach (var answer in answers)
            if (answer.Records.OfType<NsRecord>().Select(static record => record.Host).ToList() is { Count: > 0 } servers)
                return new(answer.Question.Name, servers);
        return null;
    }

    private static DomainName? Above(DomainName? name, int labels)
    {
        for (; labels > 0; labels--)
            name = name?.Parent;
        return name;
    }
}
