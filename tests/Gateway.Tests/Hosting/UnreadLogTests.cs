using System.Net;
using System.Net.Sockets;

namespace Gateway.Tests.Hosting;

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
