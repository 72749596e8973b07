namespace Gateway.Inbound;

internal static partial class InboundLog
{
    [LoggerMessage(2000, LogLevel.Error, "session {Id} ended by a bug; its client keeps what was not answered")]
    public static partial void SessionFailed(ILogger logger, string id, Exception error);

    [LoggerMessage(2001, LogLevel.Warning, "session {Id} was answered 452: its message could not be kept in the folder for temporary files: {Reason}")]
    public static partial void NoStorage(ILogger logger, string id, string reason);

    [LoggerMessage(2002, LogLevel.Information, "session {Id}: XCLIENT refused to {Client}, which is none of Relay.TrustedProxies")]
    public static partial void XclientDenied(ILogger logger, string id, string client);

    [LoggerMessage(2003, LogLevel.Information, "session {Id}: {Peer} came to a listener for proxies and is none of Relay.TrustedProxies")]
    public static partial void NoTrustedProxy(ILogger logger, string id, string peer);

    [LoggerMessage(2004, LogLevel.Information, "session {Id}: no PROXY header from {Peer}: {Reason}")]
    public static partial void NoProxyHeader(ILogger logger, string id, string peer, string reason);

    [LoggerMessage(2005, LogLevel.Debug, "session {Id}: the peer did not take the refusal: {Reason}")]
    public static partial void NotHeard(ILogger logger, string id, string reason);
}
