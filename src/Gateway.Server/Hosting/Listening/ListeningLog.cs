using System.Net;

namespace Gateway.Server.Hosting.Listening;

internal static partial class ListeningLog
{
    [LoggerMessage(9040, LogLevel.Warning,
        "cannot accept connections on {Endpoint}: the process has used nearly all of its file descriptors. New clients wait until others disconnect. Raise the limit of open files (LimitNOFILE= of the systemd unit, or ulimit -n) above Limits.Connections, or lower Limits.Connections")]
    public static partial void NoDescriptorLeft(ILogger logger, EndPoint endpoint);

    [LoggerMessage(9041, LogLevel.Warning, "cannot accept connections on {Endpoint}: {Reason}. Clients wait while the gateway tries again")]
    public static partial void CannotAccept(ILogger logger, EndPoint endpoint, string reason);

    [LoggerMessage(9042, LogLevel.Information, "accepting connections on {Endpoint} again, after {Seconds:0} s with too few file descriptors or too little memory")]
    public static partial void AcceptsAgain(ILogger logger, EndPoint endpoint, double seconds);
}
