using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Dns;
using Gateway.Server.Configuration;
using Gateway.Server.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Server.Tests.Hosting;

public sealed class ResolverWatchTests
{
    [Fact]
    public async Task A_resolver_that_invents_addresses_is_one_warning()
    {
        var lines = await WatchAsync(static question => new(question, DnsStatus.Found,
            [new AddressRecord(question.Name, TimeSpan.Zero, IPAddress.Parse("203.0.113.9"))], [], TimeSpan.Zero));

        var (level, text) = Assert.Single(lines);
        Assert.Equal(LogLevel.Warning, level);
        Assert.StartsWith("the DNS server gives answers that cannot be trusted: it answered 203.0.113.9 for a name that cannot exist (", text, StringComparison.Ordinal);
        Assert.Contains("; list.example.org answered 203.0.113.9, ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_resolver_that_is_right_or_down_is_no_warning()
    {
        Assert.Empty(await WatchAsync(static question => new(question,
            question.Name.ToString() == "2.0.0.127.list.example.org" ? DnsStatus.Found : DnsStatus.NameError,
            question.Name.ToString() == "2.0.0.127.list.example.org" ? [new AddressRecord(question.Name, TimeSpan.Zero, IPAddress.Parse("127.0.0.2"))] : [],
            [], TimeSpan.Zero)));
        Assert.Empty(await WatchAsync(static question => new(question, DnsStatus.TimedOut, [], [], TimeSpan.Zero)));
    }

    [Fact]
    public async Task A_resolver_that_never_answers_does_not_hold_up_the_start()
    {
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using var gateway = new GatewayHost(ConfigurationLoader.Load(null,
            ["Listeners:0:Endpoint=127.0.0.1:0", "Relay:AcceptedDomains:0=gateway.test", "SmartHosts:0:Host=127.0.0.1", $"Dns:Servers:0={silent.LocalEndPoint}", "Dns:Deadline=00:01:00"]));

        await gateway.StartAsync(TestContext.Current.CancellationToken);

        Assert.NotEqual(0, gateway.Endpoints[0].Port);
        await gateway.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_reload_with_other_DNS_servers_asks_those()
    {
        using var first = Silent();
        using var second = Silent();
        await using var gateway = new GatewayHost(Asking(first));
        await gateway.StartAsync(TestContext.Current.CancellationToken);
        Assert.Contains("invalid", await FirstQuestionAsync(first), StringComparison.Ordinal);

        Assert.True(await gateway.ReloadAsync(() => Asking(second)));
        Assert.Contains("invalid", await FirstQuestionAsync(second), StringComparison.Ordinal);

        await gateway.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Only_another_resolver_or_other_lists_are_asked_about_again()
    {
        var log = new Lines();
        var watch = new ResolverWatch(log);
        var asked = 0;
        var resolver = new Answering(question =>
        {
            Interlocked.Increment(ref asked);
            return new(question, DnsStatus.TimedOut, [], [], TimeSpan.Zero);
        });

        // A name that cannot exist, and two entries of each list.
        Assert.Equal(3, await AskedAsync("a.example"));
        Assert.Equal(0, await AskedAsync("a.example"));
        Assert.Equal(5, await AskedAsync("a.example", "b.example"));
        Assert.Equal(3, await AskedAsync("b.example"));

        async Task<int> AskedAsync(params string[] lists)
        {
            asked = 0;
            await watch.LookAsync(ConfigurationLoader.Load(null, [.. Minimal, .. lists.Select(static (list, place) => $"Policy:Exempt:Lists:{place}={list}")]), resolver, CancellationToken.None);
            return asked;
        }
    }

    private static readonly string[] Minimal = ["Listeners:0:Endpoint=127.0.0.1:0", "Relay:AcceptedDomains:0=gateway.test", "SmartHosts:0:Host=127.0.0.1"];

    private static GatewayOptions Asking(Socket server) =>
        ConfigurationLoader.Load(null, [.. Minimal, $"Dns:Servers:0={server.LocalEndPoint}", "Dns:Deadline=00:01:00"]);

    private static Socket Silent()
    {
        var server = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return server;
    }

    private static async Task<string> FirstQuestionAsync(Socket server)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(TimeSpan.FromMinutes(1));
        var packet = new byte[512];
        return Encoding.ASCII.GetString(packet, 0, await server.ReceiveAsync(packet, late.Token));
    }

    private static async Task<List<(LogLevel Level, string Text)>> WatchAsync(Func<DnsQuestion, DnsAnswer> answer)
    {
        var options = ConfigurationLoader.Load(null,
            ["Listeners:0:Endpoint=127.0.0.1:0", "Relay:AcceptedDomains:0=gateway.test", "SmartHosts:0:Host=127.0.0.1", "Policy:Exempt:Lists:0=list.example.org"]);
        var log = new Lines();
        await new ResolverWatch(log).LookAsync(options, new Answering(answer), CancellationToken.None);
        return log.Written;
    }

    private sealed class Answering(Func<DnsQuestion, DnsAnswer> answer) : IDnsResolver
    {
        public ValueTask<DnsAnswer> ResolveAsync(DnsQuestion question, CancellationToken cancellationToken) => new(answer(question));
    }

    private sealed class Lines : ILogger
    {
        public List<(LogLevel Level, string Text)> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Add((logLevel, formatter(state, exception)));
    }
}
