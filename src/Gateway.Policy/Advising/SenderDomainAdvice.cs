using Gateway.Dns;
using Gateway.Policy.Facts;

namespace Gateway.Policy.Advising;

/// <summary>What to publish about the domain of the return address: MX → A → address.</summary>
internal static class SenderDomainAdvice
{
    private const int Preference = 10;

    public static IEnumerable<Advice> Of(PublishedFacts facts)
    {
        if (facts.Sender is not { } sender)
            return [];
        return sender.Status switch
        {
            SenderDomainStatus.TempError => [new(null, Publisher.Nobody,
                $"nothing to publish now: {sender.Detail}. Check again later. If the DNS still does not answer, tell {Owner(facts)}")],
            SenderDomainStatus.DoesNotExist when facts.Domain is null =>
                [new(null, Publisher.Server, $"{sender.Detail}: send with a sender address whose domain exists")],
            SenderDomainStatus.DoesNotExist => Missing(facts, $"{sender.Detail}, so no answer could reach the sender; or send with a domain that exists"),
            SenderDomainStatus.NullMx => Missing(facts, $"{sender.Detail}; replace that record, or send with a domain that accepts mail"),
            _ => [.. WithoutAddress(facts), .. PrivateAddresses(facts)],
        };
    }

    private static string Owner(PublishedFacts facts) => facts.Domain is { } domain ? Publisher.Of(domain) : "its owner";

    private static IEnumerable<Advice> Missing(PublishedFacts facts, string why)
    {
        var domain = facts.Domain!;
        if (Exchange(facts, domain) is not { } host)
            yield break;
        yield return new(RecordText.Format(new MxRecord(domain, default, Preference, host.Name)), Publisher.Of(domain), why);
        if (!host.LeadsBack)
            yield return new(RecordText.Format(new AddressRecord(host.Name, default, facts.Address)), Publisher.OfHost(host.Name, domain),
                "the host in the MX record needs an address: this one, or the one that receives your mail");
    }

    // What already has the address, as name of the client or of HELO, may take the mail too.
    private static HostChoice? Exchange(PublishedFacts facts, DomainName domain)
    {
        if (facts.Client.ConfirmedName is { } confirmed && confirmed.IsAtOrBelow(domain))
            return new(confirmed, LeadsBack: true, IsExample: false);
        var choice = HostChoice.Of(facts, inDomain: true);
        return choice.IsExample ? null : choice;
    }

    // KB300171: the host that MX names must have the public address. A firewall that translates addresses does not translate the DNS.
    private static IEnumerable<Advice> PrivateAddresses(PublishedFacts facts)
    {
        foreach (var (record, host) in facts.Exchanges)
            if (host.Records.Select(static address => PublicAddress.WhyNot(address.Address)).FirstOrDefault(static reason => reason is not null) is { } reason)
                yield return new(null, Publisher.OfHost(host.Name, facts.Domain),
                    $"the MX record of {Wording.Shown(record.Owner)} names {Wording.Shown(host.Name)}, and {reason}, so no other server can deliver mail there: "
                    + $"{Publisher.OfHost(host.Name, facts.Domain)} must publish the public address that receives your mail");
    }

    private static IEnumerable<Advice> WithoutAddress(PublishedFacts facts)
    {
        foreach (var (record, host) in facts.Exchanges)
        {
            if (host.Records.Any() || host.IsUnknown)
                continue;
            yield return new(RecordText.Format(new AddressRecord(host.Name, default, facts.Address)), Publisher.OfHost(host.Name, facts.Domain),
                $"the MX record of {Wording.Shown(record.Owner)} names {Wording.Shown(host.Name)}, which has no address: give it this one, or the one that receives your mail");
        }
    }
}
