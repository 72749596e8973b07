using Gateway.Server.Hosting.Logging;
using Microsoft.Extensions.Logging;

namespace Gateway.Server.Tests.Hosting.Logging;

public sealed class TextLayoutTests
{
    [Theory]
    [InlineData(LogLevel.Information, "hello", "2026-03-01T12:00:00.000Z hello")]
    [InlineData(LogLevel.Warning, "one\r\ntwo\u001b[0m", "2026-03-01T12:00:00.000Z WARNING one | two\\u001b[0m")]
    [InlineData(LogLevel.Information, "a\u202egnp.exe", "2026-03-01T12:00:00.000Z a\\u202egnp.exe")]
    [InlineData(LogLevel.Information, "a\ufeffb\u200bc\u2066d", "2026-03-01T12:00:00.000Z a\\ufeffb\\u200bc\\u2066d")]
    [InlineData(LogLevel.Information, "a\u2028b\u2029c\u0085d", "2026-03-01T12:00:00.000Z a | b | c | d")]
    [InlineData(LogLevel.Error, "Bücher", "2026-03-01T12:00:00.000Z ERROR Bücher")]
    public async Task One_entry_is_one_line_and_all_of_it_is_seen(LogLevel level, string message, string expected) =>
        Assert.Equal(expected + "\n", await LogOutput.OfAsync(new TextLayout(), logger => logger.Log(level, 0, message, null, static (state, _) => state)));

    [Fact]
    public async Task An_exception_stands_in_the_same_line() => Assert.Equal(
        "2026-03-01T12:00:00.000Z ERROR failed | System.InvalidOperationException: a | b\n",
        await LogOutput.OfAsync(new TextLayout(), static logger => TestLog.Failed(logger, new InvalidOperationException("a\nb"))));

    [Fact]
    public async Task What_is_not_seen_in_an_exception_is_escaped_too() => Assert.Equal(
        "2026-03-01T12:00:00.000Z ERROR failed | System.InvalidOperationException: no file a\\u202etxt\n",
        await LogOutput.OfAsync(new TextLayout(), static logger => TestLog.Failed(logger, new InvalidOperationException("no file a\u202etxt"))));

    [Fact]
    public async Task Several_values_stand_with_commas_between_them() => Assert.Equal(
        "2026-03-01T12:00:00.000Z looking up names at the DNS servers 192.0.2.1, 192.0.2.2\n",
        await LogOutput.OfAsync(new TextLayout(), static logger => Gateway.Server.Hosting.HostingLog.DnsServers(logger, new(["192.0.2.1", "192.0.2.2"]))));
}
