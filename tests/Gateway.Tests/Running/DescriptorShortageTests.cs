using System.Net;
using System.Net.Sockets;

namespace Gateway.Tests.Running;

/// <summary>More clients than the process has file descriptors for; a process of its own, for the runtime itself needs some when it is new.</summary>
public sealed class DescriptorShortageTests
{
    private const int OpenFiles = 320;
    private const int Clients = 500;

    [Fact]
    public async Task A_process_outlives_more_clients_than_it_has_descriptors_for_and_serves_those_who_come_after_them()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the limit of open files of a process is set as on Linux");
        await using var gateway = await GatewayProcess.StartAsync(
            OpenFiles, new IPEndPoint(IPAddress.Loopback, 9), $"Limits:ConnectionsPerClient={Clients + 1}", "Limits:StopTimeout=00:00:01");
        var clients = new List<TcpClient>();
        try
        {
            for (var i = 0; i < Clients; i++)
            {
                var client = new TcpClient(AddressFamily.InterNetwork);
                clients.Add(client);
                await client.ConnectAsync(gateway.Endpoint, TestContext.Current.CancellationToken);
            }
            while (await gateway.ReadLineAsync() is { } line && !line.Contains("has used nearly all of its file descriptors", StringComparison.Ordinal))
                Assert.DoesNotContain("Out of memory", line, StringComparison.Ordinal);
        }
        finally
        {
            clients.ForEach(static client => client.Dispose());
        }

        await using (var later = await SmtpTalk.GreetedAsync(gateway.Endpoint))
            Assert.StartsWith("221 ", await later.SayAsync("QUIT"), StringComparison.Ordinal);
        Assert.True(await gateway.StopsWithinAsync(TimeSpan.FromSeconds(60)), "the process did not end");
        Assert.Equal(0, gateway.ExitCode);
    }
}
