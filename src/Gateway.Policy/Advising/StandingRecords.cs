using Gateway.Dns;
using Gateway.Policy.Facts;

namespace Gateway.Policy.Advising;

/// <summary>Confirms what is published, row by row, as the article's resolution lists it.</summary>
internal static class StandingRecords
{
    public static List<StandingRecord> Of(PublishedFacts facts)
    {
        var rows = new List<StandingRecord>();
        foreach (var (record, host) in facts.Exchanges)
        {
            if (!host.Records.Any())
                continue;
            rows.Add(new(RecordText.Format(record), $"mail for {Wording.Shown(record.Owner)} goes to {Wording.Shown(record.Exchange)}"));
            // A private address there is a mistake, and the advice says so.
            var reached = host.Records.Where(static address => PublicAddress.WhyNot(address.Address) is null).ToList();
            if (reached.Count == 0)
                continue;
            foreach (var address in reached.Where(address => address.Address.Equals(facts.Address)).DefaultIfEmpty(reached[0]))
                rows.Add(new(Line(host, address), address.Address.Equals(facts.Address)
                    ? "which is this address"
                    : "which is another address: a domain may receive mail at one and send from another"));
        }
        if (facts.Sender is { Status: SenderDomainStatus.Exists } sender
            && sender.Trail.SelectMany(static step => step.Answer.Records).OfType<AddressRecord>().FirstOrDefault() is { } own)
            rows.Add(new(RecordText.Format(own), "without an MX record, mail goes to this address (RFC 5321 5.1). KB300171 recommends an MX record, and some receivers require one"));
        Reverse(facts, rows);
        return [.. rows.DistinctBy(static row => row.Record)];
    }

    private static void Reverse(PublishedFacts facts, List<StandingRecord> rows)
    {
        if (facts.Client.ConfirmedName is not { } name)
            return;
        var domain = facts.Domain is { } own && name.IsAtOrBelow(own) ? $", a host in {Wording.Shown(own)}" : "";
        rows.Add(new(RecordText.Format(new PtrRecord(ReverseName.Of(facts.Address), default, name)),
            $"{facts.Address} has the name {Wording.Shown(name)}{domain}"));
        var back = RecordText.Format(new AddressRecord(name, default, facts.Address));
        var known = rows.FindIndex(row => row.Record == back);
        if (known < 0)
            rows.Add(new(back, "which leads back to the address"));
        else
            rows[known] = new(back, "which is this address, and its PTR record leads back to it");
        if (facts.Helo is { } helo && helo.Name != name && helo.LeadsTo(facts.Address))
            rows.Add(new(RecordText.Format(new AddressRecord(helo.Name, default, facts.Address)), "the name in EHLO leads to the address too"));
    }

    // The owner may be the end of an alias; whoever reads this knows the host by the name that was asked for.
    private static string Line(HostAddresses host, AddressRecord address) => RecordText.Format(address with { Owner = host.Name });
}
