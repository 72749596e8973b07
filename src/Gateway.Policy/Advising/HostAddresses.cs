using System.Net;
using Gateway.Dns;

namespace Gateway.Policy.Advising;

/// <summary>A host that an MX record or HELO names, and where it leads.</summary>
public sealed record HostAddresses(DomainName Name, IReadOnlyList<DnsAnswer> Answers)
{
    public IEnumerable<AddressRecord> Records => Answers.SelectMany(static answer => answer.Records).OfType<AddressRecord>();

    /// <summary>No address is known, and the DNS did not say that there is none.</summary>
    public bool IsUnknown => !Records.Any() && Answers.Any(static answer => answer.IsTemporaryFailure);

    public bool LeadsTo(IPAddress address) => Records.Any(record => record.Address.Equals(address));
}
