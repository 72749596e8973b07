namespace Gateway.Dns;

/// <summary>What zones say to a question, and how the answer is to be spoiled, by the server or without sockets.</summary>
internal readonly record struct FaultyAnswer(ZoneAnswer Answer, Fault? Fault)
{
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
        if (Fault.Split(fault).Then is Fault.NameError)
            answer = Deny(zones, name) with { Aliases = [.. answer.Aliases.Take(links)] };
        return new(answer, fault);
    }

    private static ZoneAnswer Deny(ZoneSet zones, DomainName name) =>
        ZoneAnswer.Of(ZoneOutcome.NameError) with { Authorities = zones.TryFind(name, out var zone) ? zone.Negative : [] };
}
