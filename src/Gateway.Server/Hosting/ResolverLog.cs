using Gateway.Dns;

namespace Gateway.Server.Hosting;

internal static partial class ResolverLog
{
    [LoggerMessage(3000, LogLevel.Warning,
        "the DNS server gives answers that cannot be trusted: {Troubles}. Clients may be judged wrongly. In Dns.Servers, name a DNS server that does not change answers and that the lists answer")]
    public static partial void Untrustworthy(ILogger logger, string troubles);

    [LoggerMessage(3001, LogLevel.Warning,
        "the list {Zone} cannot be used: {Trouble}. It refuses no client, and a client that it might exempt gets temporary refusals only. This line appears once a day")]
    public static partial void ListUnusable(ILogger logger, DomainName zone, string trouble);
}
