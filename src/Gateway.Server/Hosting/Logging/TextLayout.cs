using System.Buffers;
using System.Globalization;
using System.Text;
using Gateway.Server.Inbound;

namespace Gateway.Server.Hosting.Logging;

/// <summary>A line for people: time in UTC, level, message.</summary>
internal sealed class TextLayout : ILogLayout
{
    public void Write(in LogHead head, string message, IEnumerable<KeyValuePair<string, object?>> values, Exception? error, IBufferWriter<byte> output) =>
        WriteLine(head, error is null ? message : $"{message} | {error}", output);

    public void Write(in LogHead head, SessionLine session, IBufferWriter<byte> output) => WriteLine(head, session.ToString(), output);

    private static void WriteLine(in LogHead head, string text, IBufferWriter<byte> output)
    {
        Span<byte> time = stackalloc byte[32];
        head.Time.UtcDateTime.TryFormat(time, out var length, "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ", CultureInfo.InvariantCulture);
        output.Write(time[..length]);
        output.Write(Word(head.Level));
        Encoding.UTF8.GetBytes(OneLine(text), output);
        output.Write("\n"u8);
    }

    // One entry is one line, and a reader sees each character of it, whatever the framework or an exception put into the text.
    private static string OneLine(string text) => SafeText.Visible(text.ReplaceLineEndings(" | "));

    private static ReadOnlySpan<byte> Word(LogLevel level) => level switch
    {
        LogLevel.Information => ""u8,
        LogLevel.Warning => "WARNING "u8,
        LogLevel.Error or LogLevel.Critical => "ERROR "u8,
        _ => "debug "u8,
    };
}
