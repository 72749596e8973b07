using System.Collections.Concurrent;
using System.Net;

namespace Gateway.Dns.Tests.Serving;

/// <summary>A server on a free port of the loopback, with a small zone and a clock that stands still.</summary>
public abstract class RunningServer : IAsyncLifetime
{
    protected static readonly DomainName Host = DomainName.Parse("host.test");

    private protected static readonly ZoneSet Zones = new([MasterFile.Read(
        "$ORIGIN test.\n$TTL 1h\n@ SOA ns h 1 1 1 1 5m\nhost A 192.0.2.1\nalias CNAME host\nsub NS ns.sub\nns.sub A 192.0.2.53\n"
        + "out CNAME host.example.\n"
        + string.Concat(Enumerable.Range(0, 50)
            .Select(number => $"many A 192.0.2.{number}\nfew{number % 2} A 192.0.2.{number}\n"))).Zone!]);

    private protected RunningServer() => Server = new(new(IPAddress.Loopback, 0), Zones, new(), Time)
    {
        Observer = (question, client, code, fault) => Seen.Enqueue((question, client, code, fault)),
    };

    private protected ManualTime Time { get; } = new();

    private protected ConcurrentQueue<(DnsQuestion Question, IPEndPoint Client, ResponseCode Code, Fault? Fault)> Seen { get; } = [];

    private protected AuthoritativeServer Server { get; }

    public async ValueTask InitializeAsync() => await Server.StartAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected static DnsMessage Query(string name, RecordType type) =>
        new() { Id = 4711, Question = new(DomainName.Parse(name), type) };
}
