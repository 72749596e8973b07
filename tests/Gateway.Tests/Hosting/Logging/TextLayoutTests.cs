using Gateway.Hosting.Logging;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Hosting.Logging;

public sealed class TextLayoutTests
{
    [Theory]
    [InlineData(LogLevel.Information, "hello", "2026-03-01T12:00:00.000Z hello")]
    [InlineData(LogLevel.Warning, "one\r\ntwo\u001b[0m\u0085", "2026-03-01T12:00:00.000Z WARNING one  two [0m ")]
    [InlineData(LogLevel.Error, "Bücher", "2026-03-01T12:00:00.000Z ERROR Bücher")]
    public async Task One_entry_is_one_line_without_control_characters(LogLevel level, string message, string expected) =>
        Assert.Equal(expected + "\n", await LogOutput.OfAsync(new TextLayout(), logger => logger.Log(level, 0, message, null, static (state, _) => state)));

    [Fact]
    public async Task An_exception_stands_in_the_same_line() => Assert.Equal(
        "2026-03-01T12:00:00.000Z ERROR failed | System.InvalidOperationException: a | b\n",
        await LogOutput.OfAsync(new TextLayout(), static logger => TestLog.Failed(logger, new InvalidOperationException("a\nb"))));

    [Fact]
    public async Task Several_values_stand_with_commas_between_them() => Assert.Equal(
        "2026-03-01T12:00:00.000Z asking 192.0.2.1, 192.0.2.2 for names\n",
        await LogOutput.OfAsync(new TextLayout(), static logger => Gateway.Hosting.HostingLog.DnsServers(logger, new(["192.0.2.1", "192.0.2.2"]))));
}
