namespace Gateway.Dns;

/// <summary>
/// Answers from zones and faults without a socket, as a stub resolver that asks their server would: for tests and for
/// conversations in memory. Only a time-out comes at once, since nobody learns anything by waiting for it.
/// </summary>
public sealed class ZoneResolver(ZoneSet zones, FaultTable faults, TimeProvider clock) : IDnsResolver
{
    private volatile ZoneSet _zones = zones;

    public ZoneSet Zones
    {
        get => _zones;
        set => _zones = value;
    }

    public FaultTable Faults => faults;

    public async ValueTask<DnsAnswer> ResolveAsync(DnsQuestion question, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var found = FaultyAnswer.Find(_zones, faults, question);
        var (delay, fault) = Fault.Split(found.Fault);
        if (delay > TimeSpan.Zero)
            await Task.Delay(delay, clock, cancellationToken);
        return fault switch
        {
            Fault.ServerFailure => Fail(question, DnsStatus.ServerFailure, found.Answer, "the zones say SERVFAIL"),
            Fault.Refuse => Fail(question, DnsStatus.Refused, found.Answer, "the zones say REFUSED"),
            Fault.Drop => Fail(question, DnsStatus.TimedOut, found.Answer, "the zones do not answer"),
            Fault.WrongId => Fail(question, DnsStatus.TimedOut, found.Answer, "the zones answer with a wrong id"),
            Fault.Malformed => Fail(question, DnsStatus.Malformed, found.Answer, "the zones send a malformed answer"),
            _ => Answer(question, found.Answer),
        };
    }

    private static DnsAnswer Answer(DnsQuestion question, in ZoneAnswer answer) => answer.Outcome switch
    {
        ZoneOutcome.Found => Conclude(question, DnsStatus.Found, answer, "answered from the zones"),
        ZoneOutcome.NoData => Conclude(question, DnsStatus.NoData, answer, $"no such record of {End(question, answer)}"),
        ZoneOutcome.NameError => Conclude(question, DnsStatus.NameError, answer, $"NXDOMAIN for {End(question, answer)}"),
        ZoneOutcome.NotServed => Fail(question, DnsStatus.Refused, answer, "the zones say REFUSED"),
        ZoneOutcome.Referral => Fail(question, DnsStatus.Malformed, answer, "the zones answer with a referral"),
        _ => Fail(question, DnsStatus.Malformed, answer, "the zones answer with aliases in a circle"),
    };

    private static DomainName End(DnsQuestion question, in ZoneAnswer answer) =>
        answer.Aliases is [.., var last] ? last.Target : question.Name;

    private static DnsAnswer Conclude(DnsQuestion question, DnsStatus status, in ZoneAnswer answer, string detail)
    {
        // RFC 2308 §5: a negative answer lives as long as its SOA, which is all that there is to keep.
        var all = answer.Aliases.Concat<ResourceRecord>(answer.Records)
            .Concat(answer.Authorities.Where(static record => record is SoaRecord));
        var least = all.Select(static record => record.TimeToLive).DefaultIfEmpty(TimeSpan.Zero).Min();
        return new(question, status, answer.Records, answer.Aliases, least, detail);
    }

    private static DnsAnswer Fail(DnsQuestion question, DnsStatus status, in ZoneAnswer answer, string said) =>
        new(question, status, [], answer.Aliases, TimeSpan.Zero, $"{said} for {End(question, answer)}");
}
