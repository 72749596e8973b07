using System.Net;

namespace Gateway.Server.Hosting.Listening;

internal static partial class ListeningLog
{
    [LoggerMessage(9040, LogLevel.Warning,
        "cannot accept connections on {Endpoint}: the process has too few file descriptors left. Clients wait until others have gone. Raise the limit of open files (LimitNOFILE= of the systemd unit, or ulimit -n) above Limits.Connections, or lower Limits.Connections")]
    public static partial void NoDescriptorLeft(ILogger logger, EndPoint endpoint);

    [LoggerMessage(9041, LogLevel.Warning, "cannot accept connections on {Endpoint}: {Reason}. Gateway tries again, and clients wait meanwhile")]
    public static partial void CannotAccept(ILogger logger, EndPoint endpoint, string reason);

    [LoggerMessage(9042, LogLevel.Information, "accepting connections on {Endpoint} again; for {Seconds:0} s there were too few file descriptors or too little memory")]
    public static partial void AcceptsAgain(ILogger logger, EndPoint endpoint, double seconds);
}
