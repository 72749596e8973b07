namespace Gateway.Inbound;

internal static partial class InboundLog
{
    [LoggerMessage(2000, LogLevel.Error, "session {Id} ended by a bug; its client keeps what was not answered")]
    public static partial void SessionFailed(ILogger logger, string id, Exception error);

    [LoggerMessage(2001, LogLevel.Warning, "session {Id} was answered 452: its message could not be kept in the folder for temporary files: {Reason}")]
    public static partial void NoStorage(ILogger logger, string id, string reason);
}
