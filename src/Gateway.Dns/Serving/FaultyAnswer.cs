namespace Gateway.Dns;

/// <summary>What zones say to a question, and how the answer is to be spoiled, by the server or without sockets.</summary>
internal readonly record struct FaultyAnswer(ZoneAnswer Answer, Fault? Fault)
{
    // Where lame servers send everybody: up to the root (RFC 1912 §2.8).
    private static readonly NsRecord[] RootServers =
        [new(DomainName.Root, TimeSpan.FromDays(6), DomainName.Parse("a.root-servers.net")), new(DomainName.Root, TimeSpan.FromDays(6), DomainName.Parse("b.root-servers.net"))];

    /// <summary>The fault is that of the asked name or, behind aliases, of the first name of the chain that has one.</summary>
    public static FaultyAnswer Find(ZoneSet zones, FaultTable faults, DnsQuestion question)
    {
        var answer = zones.Find(question);
        var name = question.Name;
        var fault = faults.Find(name, question.Type);
        var links = 0;
        while (fault is null && links < answer.Aliases.Count)
        {
            name = answer.Aliases[links++].Target;
            fault = faults.Find(name, question.Type);
        }
        return new(Fault.Split(fault).Then switch
        {
            Fault.NameError => Deny(zones, name) with { Aliases = [.. answer.Aliases.Take(links)] },
            Fault.Lame => ReferUp(zones),
            _ => answer,
        }, fault);
    }

    private static ZoneAnswer Deny(ZoneSet zones, DomainName name) =>
        ZoneAnswer.Of(ZoneOutcome.NameError) with { Authorities = zones.TryFind(name, out var zone) ? zone.Negative : [] };

    private static ZoneAnswer ReferUp(ZoneSet zones)
    {
        var servers = zones.TryFind(DomainName.Root, out var root) ? root.Find(new(DomainName.Root, RecordType.Ns)).Records : [];
        return ZoneAnswer.Of(ZoneOutcome.Referral) with { Authorities = servers.Count > 0 ? servers : RootServers };
    }
}
