namespace Gateway.Server.Inbound;

internal static partial class InboundLog
{
    [LoggerMessage(2000, LogLevel.Error, "session {Id} ended by a bug; its client got 421 and keeps its message")]
    public static partial void SessionFailed(ILogger logger, string id, Exception error);
}
