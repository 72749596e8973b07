namespace Gateway.Server.Users;

internal static partial class UsersLog
{
    [LoggerMessage(8000, LogLevel.Information, "the users file {File} was read again: it has {Count} users")]
    public static partial void Read(ILogger logger, string file, int count);

    [LoggerMessage(8001, LogLevel.Warning, "the users file {File} has changed and cannot be used ({Mistakes} mistakes, the first: {Mistake}); the previous users stay valid")]
    public static partial void Kept(ILogger logger, string file, int mistakes, string mistake);
}
