using Microsoft.Extensions.Logging;

namespace Gateway.Server.Tests.Hosting.Logging;

/// <summary>Entries for tests of the log.</summary>
internal static partial class TestLog
{
    [LoggerMessage(1, LogLevel.Warning, "{Text}")]
    public static partial void Say(ILogger logger, object text);

    [LoggerMessage(2, LogLevel.Error, "failed")]
    public static partial void Failed(ILogger logger, Exception error);

    [LoggerMessage(3, LogLevel.Error, "{Message} at {Time}")]
    public static partial void Clashes(ILogger logger, string message, int time, Exception error);
}
