namespace Gateway.Server.Journal;

internal static partial class JournalLog
{
    [LoggerMessage(6000, LogLevel.Information, "the journal is {File}; sessions stay for {Age} and {Size} octets")]
    public static partial void Opened(ILogger logger, string file, TimeSpan age, long size);

    [LoggerMessage(6001, LogLevel.Error, "the journal {File} cannot be written ({Reason}); mail goes on, and sessions wait for it as long as there is room")]
    public static partial void Broken(ILogger logger, string file, string reason);

    [LoggerMessage(6002, LogLevel.Information, "the journal {File} is written again")]
    public static partial void Repaired(ILogger logger, string file);

    [LoggerMessage(6003, LogLevel.Warning, "{Count} sessions are missing from the journal: it could not keep up")]
    public static partial void Lost(ILogger logger, long count);

    [LoggerMessage(6004, LogLevel.Error, "the journal {File} is damaged ({Reason}); it was set aside as {Aside}, and a new one begins")]
    public static partial void SetAside(ILogger logger, string file, string reason, string aside);

    [LoggerMessage(6005, LogLevel.Error, "session {Id} could not be described; it is missing from the journal")]
    public static partial void NotDescribed(ILogger logger, string id, Exception error);

    [LoggerMessage(6006, LogLevel.Error, "writing the journal {File} failed by a bug; these sessions are missing from it")]
    public static partial void Failed(ILogger logger, string file, Exception error);
}
