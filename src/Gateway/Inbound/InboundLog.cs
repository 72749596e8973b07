namespace Gateway.Inbound;

internal static partial class InboundLog
{
    [LoggerMessage(2000, LogLevel.Error, "session {Id} ended by a bug; its client keeps what was not answered")]
    public static partial void SessionFailed(ILogger logger, string id, Exception error);
}
