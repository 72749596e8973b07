using Gateway.Dns;

namespace Gateway.Policy.Advising;

/// <summary>The name that the address should have.</summary>
/// <param name="Name">A host name.</param>
/// <param name="LeadsBack">It has the address already, so only the PTR record is missing.</param>
/// <param name="IsExample">Nothing is known of the sender: the reader puts in a name of its own.</param>
internal readonly record struct HostChoice(DomainName Name, bool LeadsBack, bool IsExample)
{
    private static readonly DomainName Example = DomainName.Parse("mail.example.com");

    /// <summary>
    /// A host that leads to the address already; else the name in HELO; else a new one in the sender's domain. Never an MX
    /// host that has another address: with a second one, mail would come in where nobody takes it.
    /// </summary>
    public static HostChoice Of(PublishedFacts facts, bool inDomain = false)
    {
        var hosts = facts.Hosts.Where(host => !inDomain || facts.Domain is not { } domain || host.Name.IsAtOrBelow(domain)).ToList();
        if (hosts.FirstOrDefault(host => host.LeadsTo(facts.Address)) is { } known)
            return new(known.Name, LeadsBack: true, IsExample: false);
        var taken = facts.Exchanges.Where(static exchange => exchange.Host.Records.Any()).Select(static exchange => exchange.Host.Name).ToList();
        if (facts.Helo is { } helo && hosts.Contains(helo) && !taken.Contains(helo.Name))
            return new(helo.Name, false, false);
        if (facts.Domain is not { } sender || !sender.IsHostName)
            return new(Example, false, true);
        var name = sender.Prepend("mail"u8) is { } mail && !taken.Contains(mail) ? mail : sender.Prepend("out"u8);
        return name is null ? new(Example, false, true) : new(name, false, false);
    }
}
