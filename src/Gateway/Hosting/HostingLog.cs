using System.Net;
using Gateway.Hosting.Logging;

namespace Gateway.Hosting;

internal static partial class HostingLog
{
    [LoggerMessage(9000, LogLevel.Information, "listening on {Endpoint} as {Profile}, refusals at {RefuseAt}")]
    public static partial void Listening(ILogger logger, EndPoint endpoint, string profile, string refuseAt);

    [LoggerMessage(9001, LogLevel.Information, "mail for {Domains} goes to {SmartHost}")]
    public static partial void Route(ILogger logger, LogList domains, string smartHost);

    [LoggerMessage(9002, LogLevel.Information, "clients in {Networks} may relay anywhere")]
    public static partial void RelayNetworks(ILogger logger, LogList networks);

    [LoggerMessage(9003, LogLevel.Information, "stopping: idle clients get 421, messages in flight have {Seconds:0} s")]
    public static partial void Stopping(ILogger logger, double seconds);

    [LoggerMessage(9005, LogLevel.Warning,
        "ALL CLIENTS COME FROM {Address}: an address translation (a container's, a router's) hides them. Reverse DNS cannot be judged, and a relay network that holds this address makes an open relay. Use host networking or a port forwarding that keeps the client's address")]
    public static partial void ClientsHidden(ILogger logger, IPAddress address);

    [LoggerMessage(9006, LogLevel.Information, "asking {Servers} for names")]
    public static partial void DnsServers(ILogger logger, LogList servers);

    [LoggerMessage(9007, LogLevel.Information, "{Networks} may speak for other clients, by XCLIENT and by PROXY on {Listeners}")]
    public static partial void TrustedProxies(ILogger logger, LogList networks, LogList listeners);

    [LoggerMessage(9008, LogLevel.Information, "users of {File} may authenticate, and {What}")]
    public static partial void Users(ILogger logger, string file, string what);

    [LoggerMessage(9020, LogLevel.Warning, "configuration: {Advice}")]
    public static partial void Advice(ILogger logger, string advice);
}
