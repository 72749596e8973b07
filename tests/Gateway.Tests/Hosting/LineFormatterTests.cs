using Gateway.Hosting;
using Gateway.Lab;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Hosting;

public sealed class LineFormatterTests
{
    private static readonly StagedTime Time = new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(LogLevel.Information, "hello", "2026-03-01T12:00:00.000Z hello")]
    [InlineData(LogLevel.Warning, "one\r\ntwo\u001b[0m\u0085", "2026-03-01T12:00:00.000Z WARNING one  two [0m ")]
    [InlineData(LogLevel.Error, "Bücher", "2026-03-01T12:00:00.000Z ERROR Bücher")]
    public void One_entry_is_one_line_without_control_characters(LogLevel level, string message, string expected)
    {
        using var output = new StringWriter();
        var entry = new LogEntry<string>(level, "x", 0, message, null, static (state, _) => state);
        new LineFormatter(Time).Write(entry, null, output);
        Assert.Equal(expected + Environment.NewLine, output.ToString());
    }

    [Fact]
    public void An_exception_stands_in_the_same_line()
    {
        using var output = new StringWriter();
        var entry = new LogEntry<string>(LogLevel.Error, "x", 0, "failed", new InvalidOperationException("a\nb"), static (state, _) => state);
        new LineFormatter(Time).Write(entry, null, output);
        Assert.Equal("2026-03-01T12:00:00.000Z ERROR failed | System.InvalidOperationException: a | b" + Environment.NewLine, output.ToString());
    }
}
