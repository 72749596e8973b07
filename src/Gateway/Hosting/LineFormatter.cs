using System.Buffers;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Gateway.Hosting;

/// <summary>One line for people: time in UTC, level, message.</summary>
internal sealed class LineFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "line";

    private static readonly SearchValues<char> Controls =
        SearchValues.Create([.. Enumerable.Range(0, 0xA0).Select(static code => (char)code).Where(char.IsControl)]);

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        textWriter.Write(time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z' ", CultureInfo.InvariantCulture));
        textWriter.Write(Word(logEntry.LogLevel));
        Write(logEntry.Formatter(logEntry.State, logEntry.Exception), textWriter);
        if (logEntry.Exception is { } error)
        {
            textWriter.Write(" | ");
            Write(error.ToString().ReplaceLineEndings(" | "), textWriter);
        }
        textWriter.WriteLine();
    }

    // One entry, one line: whatever others put into a message, the framework and exceptions included. Nearly always there is nothing to do.
    private static void Write(string text, TextWriter textWriter) =>
        textWriter.Write(text.AsSpan().ContainsAny(Controls) ? string.Concat(text.Select(static letter => char.IsControl(letter) ? ' ' : letter)) : text);

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Information => "",
        LogLevel.Warning => "WARNING ",
        LogLevel.Error or LogLevel.Critical => "ERROR ",
        _ => "debug ",
    };
}
