namespace Gateway.Server.Journal;

internal static partial class JournalLog
{
    [LoggerMessage(6000, LogLevel.Information, "the journal is {File}; it keeps sessions for {Age}, and grows to {Size} octets at most")]
    public static partial void Opened(ILogger logger, string file, TimeSpan age, long size);

    [LoggerMessage(6001, LogLevel.Error, "the journal {File} cannot be written ({Reason}). Mail is not affected. Sessions wait in memory until the journal can be written, or the memory for them is full")]
    public static partial void Broken(ILogger logger, string file, string reason);

    [LoggerMessage(6002, LogLevel.Information, "the journal {File} can be written again")]
    public static partial void Repaired(ILogger logger, string file);

    [LoggerMessage(6003, LogLevel.Warning, "{Count} sessions are missing from the journal, because it could not be written, or not fast enough")]
    public static partial void Lost(ILogger logger, long count);

    [LoggerMessage(6004, LogLevel.Error, "the journal {File} is damaged ({Reason}); it was renamed to {Aside}, and a new journal was created")]
    public static partial void SetAside(ILogger logger, string file, string reason, string aside);

    [LoggerMessage(6005, LogLevel.Error, "session {Id} is missing from the journal, because a bug prevented its conversion")]
    public static partial void NotDescribed(ILogger logger, string id, Exception error);

    [LoggerMessage(6006, LogLevel.Error, "writing the journal {File} failed because of a bug; the sessions of this write are missing from it")]
    public static partial void Failed(ILogger logger, string file, Exception error);
}
