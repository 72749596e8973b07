using System.Collections.Concurrent;
using System.Net;
using DnsClient;
using Gateway.Dns;

namespace Gateway.Peers.Tests.Dns;

/// <summary>An authoritative server on a free port of the loopback, and DnsClient as its client.</summary>
internal sealed class ServedZones : IAsyncDisposable
{
    // Only a broken server makes a test wait so long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly AuthoritativeServer _server;

    private ServedZones(ZoneSet zones) => _server = new(new(IPAddress.Loopback, 0), zones, new(), TimeProvider.System)
    {
        Observer = (_, _, code, _) => Seen.Enqueue(code),
    };

    /// <summary>Where the zones are served, by UDP and TCP.</summary>
    public IPEndPoint EndPoint => _server.EndPoint;

    /// <summary>The response code to each question that reached the server.</summary>
    public ConcurrentQueue<ResponseCode> Seen { get; } = [];

    /// <summary>Serves zones that are written as zone files.</summary>
    public static async Task<ServedZones> StartAsync(params string[] files)
    {
        var read = files.Select(static file => MasterFile.Read(file)).ToList();
        Assert.Empty(read.SelectMany(static file => file.Errors));
        var served = new ServedZones(new(read.Select(static file => file.Zone!)));
        await served._server.StartAsync(TestContext.Current.CancellationToken);
        return served;
    }

    /// <summary>Lets names misbehave; a fault is written as <c>NAME [TYPE] WHAT</c>.</summary>
    public ServedZones With(string fault)
    {
        Assert.True(FaultChange.TryParse(fault, out var change, out var problem), problem);
        change.ApplyTo(_server.Faults);
        return this;
    }

    /// <summary>DnsClient without its cache and its repetitions.</summary>
    public LookupClient Client(Action<LookupClientOptions>? change = null)
    {
        var options = new LookupClientOptions(EndPoint) { UseCache = false, Retries = 0, Timeout = Patience };
        change?.Invoke(options);
        return new(options);
    }

    public Task<IDnsQueryResponse> AskAsync(string name, QueryType type, Action<LookupClientOptions>? change = null) =>
        Client(change).QueryAsync(name, type, cancellationToken: TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
