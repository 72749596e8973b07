using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Gateway.Hosting;

/// <summary>One line for people: time in UTC, level, message.</summary>
internal sealed class LineFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "line";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        textWriter.Write(time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z' ", CultureInfo.InvariantCulture));
        textWriter.Write(Word(logEntry.LogLevel));
        textWriter.Write(logEntry.Formatter(logEntry.State, logEntry.Exception));
        if (logEntry.Exception is { } error)
            textWriter.Write($" | {error.ToString().ReplaceLineEndings(" | ")}");
        textWriter.WriteLine();
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Information => "",
        LogLevel.Warning => "WARNING ",
        LogLevel.Error or LogLevel.Critical => "ERROR ",
        _ => "debug ",
    };
}
