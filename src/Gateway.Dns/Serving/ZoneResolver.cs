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
            Fault.ServerFailure => Fail(question, DnsStatus.ServerFailure, "the lab answered SERVFAIL"),
            Fault.Refuse => Fail(question, DnsStatus.Refused, "the lab answered REFUSED"),
            Fault.Drop => Fail(question, DnsStatus.TimedOut, "the lab gave no answer"),
            Fault.Malformed => Fail(question, DnsStatus.Malformed, "the lab's answer was no DNS message"),
            _ => Answer(question, found.Answer),
        };
    }

    private static DnsAnswer Answer(DnsQuestion question, in ZoneAnswer answer) => answer.Outcome switch
    {
        ZoneOutcome.Found => Conclude(question, DnsStatus.Found, answer, "the lab answered"),
        ZoneOutcome.NoData => Conclude(question, DnsStatus.NoData, answer, "the lab has no record of this type"),
        ZoneOutcome.NameError => Conclude(question, DnsStatus.NameError, answer, "the lab answered NXDOMAIN"),
        ZoneOutcome.Referral => Fail(question, DnsStatus.Malformed, "the lab answered with a referral only"),
        ZoneOutcome.AliasLoop => Fail(question, DnsStatus.Malformed, "the aliases lead in a circle"),
        _ => Fail(question, DnsStatus.Refused, "the lab has no zone for this name"),
    };

    private static DnsAnswer Conclude(DnsQuestion question, DnsStatus status, in ZoneAnswer answer, string detail)
    {
        // RFC 2308 §5: a negative answer lives as long as its SOA, which is all that there is to keep.
        var all = answer.Aliases.Concat<ResourceRecord>(answer.Records)
            .Concat(answer.Authorities.Where(static record => record is SoaRecord));
        var least = all.Select(static record => record.TimeToLive).DefaultIfEmpty(TimeSpan.Zero).Min();
        return new(question, status, answer.Records, answer.Aliases, least, detail);
    }

    private static DnsAnswer Fail(DnsQuestion question, DnsStatus status, string detail) =>
        new(question, status, [], [], TimeSpan.Zero, detail);
}
