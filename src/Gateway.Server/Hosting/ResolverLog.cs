using Gateway.Dns;

namespace Gateway.Server.Hosting;

internal static partial class ResolverLog
{
    [LoggerMessage(3000, LogLevel.Warning,
        "the DNS resolver gives answers that cannot be trusted: {Troubles}. Clients may be judged wrongly. Name a resolver in Dns.Servers that changes no answers and that the lists serve")]
    public static partial void Untrustworthy(ILogger logger, string troubles);

    [LoggerMessage(3001, LogLevel.Warning,
        "the list {Zone} is not judged: {Trouble}. Clients are not refused by it, and an exemption by it only makes refusals temporary; this is said once a day")]
    public static partial void ListUnusable(ILogger logger, DomainName zone, string trouble);
}
