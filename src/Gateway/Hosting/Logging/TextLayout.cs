using System.Buffers;
using System.Globalization;
using System.Text;

namespace Gateway.Hosting.Logging;

/// <summary>A line for people: time in UTC, level, message.</summary>
internal sealed class TextLayout : ILogLayout
{
    private static readonly SearchValues<char> Controls =
        SearchValues.Create([.. Enumerable.Range(0, 0xA0).Select(static code => (char)code).Where(char.IsControl)]);

    public void Write(in LogHead head, string message, IEnumerable<KeyValuePair<string, object?>> values, Exception? error, IBufferWriter<byte> output) =>
        WriteLine(head, error is null ? message : $"{message} | {error.ToString().ReplaceLineEndings(" | ")}", output);

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

    // One entry, one line: whatever others put into a message, the framework and exceptions included. Nearly always there is nothing to do.
    private static string OneLine(string text) =>
        text.AsSpan().ContainsAny(Controls) ? string.Concat(text.Select(static letter => char.IsControl(letter) ? ' ' : letter)) : text;

    private static ReadOnlySpan<byte> Word(LogLevel level) => level switch
    {
        LogLevel.Information => ""u8,
        LogLevel.Warning => "WARNING "u8,
        LogLevel.Error or LogLevel.Critical => "ERROR "u8,
        _ => "debug "u8,
    };
}
