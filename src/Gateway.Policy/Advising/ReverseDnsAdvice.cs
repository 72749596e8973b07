using Gateway.Dns;
using Gateway.Policy.Facts;

namespace Gateway.Policy.Advising;

/// <summary>What to publish about the address.</summary>
internal sealed class ReverseDnsAdvice(PublishedFacts facts, IReadOnlyCollection<Finding> against)
{
    private const string Generic = "refuse-generic-ptr";
    private const string Match = "require-sender-matches-client";

    private readonly ClientFacts _client = facts.Client;

    public IEnumerable<Advice> All()
    {
        // KB300171's firewall: the server believes to be 10.10.10.1, and the world sees 4.3.2.1.
        if (PublicAddress.WhyNot(_client.Address) is { } reason)
            return [new(null, Publisher.Nobody,
                $"{reason}. Receivers see the public address of your firewall or provider: check that address, because its PTR record counts")];
        return _client.Iprev switch
        {
            IprevStatus.TempError => [Unsettled()],
            IprevStatus.PermError => NoName(),
            IprevStatus.Fail when !_client.Names.Any(static name => name.IsHostName) => BadName(),
            IprevStatus.Fail => Mismatch(),
            _ when Finding(Generic) is { } finding => GenericName(finding),
            _ when Finding(Match) is { Outcome.Decision: Decision.Reject } finding => OtherDomain(finding),
            _ => [],
        };
    }

    private Finding? Finding(string check) => against.FirstOrDefault(finding => finding.Check == check);

    private Advice Unsettled() => new(null, Publisher.Nobody,
        $"nothing to publish now, because the DNS did not answer. Check again later. If the DNS still does not answer, tell {Responsible()}");

    private string Responsible() => _client.Names.FirstOrDefault(static name => name.Forward is { IsTemporaryFailure: true }) is { } name
        ? Publisher.OfHost(name.Name, facts.Domain)
        : Publisher.Of(_client.Address);

    private IEnumerable<Advice> NoName()
    {
        foreach (var advice in Named(HostChoice.Of(facts), _client.Detail))
            yield return advice;
        // Some providers offer no reverse DNS for IPv6 (RFC 8501); large receivers insist on it there.
        if (_client.IsIPv6)
            yield return new(null, Publisher.Server,
                "or send over IPv4: over IPv6, receivers insist on a PTR record, and some providers offer none (RFC 8501)");
    }

    private IEnumerable<Advice> BadName() =>
        Named(HostChoice.Of(facts), $"{_client.Detail}; replace it with the full name of your mail server");

    private IEnumerable<Advice> Mismatch()
    {
        // Another host is this address already: then its name is the right one, and the PTR record is what is wrong.
        var choice = HostChoice.Of(facts);
        if (choice.LeadsBack || Finding(Generic) is not null)
            return Named(choice, $"{_client.Detail}; replace the PTR record");
        var name = _client.Names.First(static name => name.IsHostName).Name;
        var forward = RecordText.Format(new AddressRecord(name, default, _client.Address));
        // The name is somebody else's: the sender can ask for another one, but not give this one an address.
        if ((facts.Domain ?? facts.Helo?.Name.Parent) is { IsRoot: false } own && !name.IsAtOrBelow(own))
            return Named(choice, $"{_client.Detail}; replace the PTR record, or {Publisher.OfHost(name, facts.Domain)} must publish \"{forward}\"");
        return [new(forward, Publisher.OfHost(name, facts.Domain),
            $"{_client.Detail}; another PTR record, with a name that leads back, would help too")];
    }

    private IEnumerable<Advice> GenericName(Finding finding) =>
    [
        .. Named(HostChoice.Of(facts), $"{finding.Outcome.Reason}; a name of your own shows that this is a mail server"),
        new(null, Publisher.Server, "or send through your provider's smart host, whose reverse DNS is correct; with a dynamic address, do so in any case"),
    ];

    private IEnumerable<Advice> OtherDomain(Finding finding) =>
        Named(HostChoice.Of(facts, inDomain: true), $"{finding.Outcome.Reason}; change the PTR record of {_client.Address}, not the MX record");

    /// <summary>The PTR record, and the address record unless it is there.</summary>
    private IEnumerable<Advice> Named(HostChoice choice, string why)
    {
        var example = choice.IsExample ? "; replace mail.example.com with the name of your own mail server" : "";
        yield return new(RecordText.Format(new PtrRecord(ReverseName.Of(_client.Address), default, choice.Name)),
            Publisher.Of(_client.Address, facts.Zone), why + example);
        if (!choice.LeadsBack)
            yield return new(RecordText.Format(new AddressRecord(choice.Name, default, _client.Address)),
                Publisher.OfHost(choice.Name, facts.Domain), $"the name must lead back to the address{example}");
    }
}
