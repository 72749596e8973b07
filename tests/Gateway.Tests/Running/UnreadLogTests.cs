using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;

namespace Gateway.Tests.Running;

/// <summary>The program with its standard output in a pipe that nobody reads.</summary>
public sealed class UnreadLogTests
{
    // Far above what a busy machine needs: before, such a process answered nobody and never ended.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private const int Rounds = 30;
    private const int AtOnce = 10;
    private const int MostRefused = 19;

    [Fact]
    public async Task Clients_are_answered_and_a_stop_ends_the_process_when_nobody_reads_the_log()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM");
        await using var gateway = await GatewayProcess.StartAsync(NobodyListens(), "Limits:StopTimeout=00:00:01");
        await TalkAsync(gateway.Endpoint);
        var before = gateway.ThreadCount;

        for (var round = 0; round < Rounds; round++)
            await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => TalkAsync(gateway.Endpoint)));

        TestContext.Current.TestOutputHelper?.WriteLine($"{before} threads before, {gateway.ThreadCount} after");
        Assert.InRange(gateway.ThreadCount, 1, before + 16);
        await using var idle = await SmtpTalk.GreetedAsync(gateway.Endpoint);
        var asked = TimeProvider.System.GetTimestamp();
        Assert.True(await gateway.StopsWithinAsync(Soon), "the process did not end");
        TestContext.Current.TestOutputHelper?.WriteLine($"ended after {TimeProvider.System.GetElapsedTime(asked).TotalSeconds:0.0} s");
        Assert.Equal(0, gateway.ExitCode);
    }

    [Fact]
    public async Task A_stop_ends_the_process_though_the_smart_host_is_silent_and_neither_log_nor_journal_can_be_written()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM");
        using var folder = new JournalFolder();
        await folder.WriteAsync(Sessions.Empty(Sessions.Noon));
        await using var silent = new ScriptedSmartHost { Answers = static (_, asked) => asked == "." ? ScriptedSmartHost.Silence : null };
        await using var gateway = await GatewayProcess.StartAsync(silent.Endpoint, "Limits:StopTimeout=00:00:01", $"Journal:File={folder.File}");
        using var other = new SqliteConnection($"Data Source={folder.File};Pooling=False");
        other.Open();
        using var locked = other.BeginTransaction();
        for (var round = 0; round < Rounds; round++)
            await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => IntroduceAsync(gateway.Endpoint)));
        await using var client = await SmtpTalk.GreetedAsync(gateway.Endpoint);
        await client.PostAsync("Subject: x\r\n\r\nhello\r\n", "bob@gateway.test");
        await silent.HearsAsync(".");

        var asked = TimeProvider.System.GetTimestamp();
        Assert.True(await gateway.StopsWithinAsync(Soon), "the process did not end");

        TestContext.Current.TestOutputHelper?.WriteLine($"ended after {TimeProvider.System.GetElapsedTime(asked).TotalSeconds:0.0} s");
        Assert.DoesNotContain("250", await client.HearAsync(), StringComparison.Ordinal);
    }

    private static async Task IntroduceAsync(IPEndPoint server)
    {
        await using var client = await SmtpTalk.GreetedAsync(server);
        Assert.StartsWith("221 ", await client.SayAsync("QUIT"), StringComparison.Ordinal);
    }

    /// <summary>One session that has much to be logged: XCLIENT that is refused, and a message that no smart host takes.</summary>
    private static async Task TalkAsync(IPEndPoint server)
    {
        await using var client = await SmtpTalk.GreetedAsync(server);
        for (var i = 0; i < MostRefused; i++)
            Assert.StartsWith("550 ", await client.SayAsync("XCLIENT ADDR=192.0.2.1"), StringComparison.Ordinal);
        await client.PostAsync("Subject: x\r\n\r\nhello\r\n", "bob@gateway.test");
        Assert.StartsWith("451 4.4.1 ", await client.HearAsync(), StringComparison.Ordinal);
        Assert.StartsWith("221 ", await client.SayAsync("QUIT"), StringComparison.Ordinal);
    }

    private static IPEndPoint NobodyListens()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return (IPEndPoint)free.LocalEndpoint;
    }
}
