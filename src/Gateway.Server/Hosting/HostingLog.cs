using System.Net;
using Gateway.Server.Hosting.Logging;

namespace Gateway.Server.Hosting;

internal static partial class HostingLog
{
    [LoggerMessage(9000, LogLevel.Information, "listening on {Endpoint} with profile {Profile}, refusals at {RefuseAt}")]
    public static partial void Listening(ILogger logger, EndPoint endpoint, string profile, string refuseAt);

    [LoggerMessage(9001, LogLevel.Information, "mail for {Domains} goes to {SmartHost}")]
    public static partial void Route(ILogger logger, LogList domains, string smartHost);

    [LoggerMessage(9002, LogLevel.Information, "clients in {Networks} may relay anywhere")]
    public static partial void RelayNetworks(ILogger logger, LogList networks);

    [LoggerMessage(9003, LogLevel.Information, "stopping: idle clients get 421, messages in transfer may take {Seconds:0} s more")]
    public static partial void Stopping(ILogger logger, double seconds);

    [LoggerMessage(9005, LogLevel.Warning,
        "ALL CLIENTS CONNECT FROM {Address}: address translation (NAT) of a container or a router hides their own addresses. The gateway cannot judge their reverse DNS, and if Relay.Networks contains this address, the gateway is an open relay. Use host networking, or a port forwarding that keeps the client's address")]
    public static partial void ClientsHidden(ILogger logger, IPAddress address);

    [LoggerMessage(9006, LogLevel.Information, "looking up names at the DNS servers {Servers}")]
    public static partial void DnsServers(ILogger logger, LogList servers);

    [LoggerMessage(9007, LogLevel.Information, "the proxies {Networks} are trusted to name the client, with XCLIENT everywhere and with PROXY on {Listeners}")]
    public static partial void TrustedProxies(ILogger logger, LogList networks, LogList listeners);

    [LoggerMessage(9008, LogLevel.Information, "the users in {File} may log in and {What}")]
    public static partial void Users(ILogger logger, string file, string what);

    [LoggerMessage(9030, LogLevel.Warning,
        "the DNS servers {Servers} do not answer: {Reason}. Until they do, clients whose reverse DNS is needed get 451 and try again later")]
    public static partial void ResolverGone(ILogger logger, string servers, string reason);

    [LoggerMessage(9031, LogLevel.Information, "the DNS servers {Servers} answer again")]
    public static partial void ResolverBack(ILogger logger, string servers);

    [LoggerMessage(9021, LogLevel.Information, "the configuration was read again: new sessions use it, open sessions keep the previous one")]
    public static partial void Reloaded(ILogger logger);

    [LoggerMessage(9022, LogLevel.Error, "the changed configuration cannot be used, so the previous one stays in use. Mistakes: {Count}. {Mistakes}")]
    public static partial void NotReloaded(ILogger logger, int count, LogList mistakes);

    [LoggerMessage(9023, LogLevel.Warning, "this change needs a restart: {Change}")]
    public static partial void NeedsRestart(ILogger logger, string change);

    [LoggerMessage(9024, LogLevel.Information, "the certificate in {File} has changed: new sessions use it")]
    public static partial void CertificateRenewed(ILogger logger, string file);

    [LoggerMessage(9025, LogLevel.Warning, "the certificate files have changed and cannot be used, so the previous certificate stays in use: {Reason}")]
    public static partial void CertificateUnusable(ILogger logger, string reason);

    [LoggerMessage(9026, LogLevel.Error, "the configuration could not be read again because of a bug, so the previous one stays in use")]
    public static partial void ReloadFailed(ILogger logger, Exception error);

    [LoggerMessage(9020, LogLevel.Warning, "configuration: {Advice}")]
    public static partial void Advice(ILogger logger, string advice);
}
