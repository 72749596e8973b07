namespace Gateway.Server.Inbound;

internal static partial class InboundLog
{
    [LoggerMessage(2000, LogLevel.Error, "session {Id} ended because of a bug in the gateway; the client got 421 and keeps its message")]
    public static partial void SessionFailed(ILogger logger, string id, Exception error);
}
