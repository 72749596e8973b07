using System.Collections.Concurrent;
using System.Net;
using Gateway.Server.Configuration;
using Gateway.Server.Hosting;
using Gateway.Server.Inbound;

namespace Gateway.Tests;

/// <summary>The whole program in this process, on ports of the system's choice; its records are kept for the test.</summary>
internal sealed class RunningGateway : ISessionSink, IAsyncDisposable
{
    private readonly GatewayHost _host;
    private readonly SemaphoreSlim _ended = new(0);
    private readonly ConcurrentQueue<SessionRecord> _records = new();

    private readonly IPEndPoint _smartHost;

    private RunningGateway(IPEndPoint smartHost, string[] settings)
    {
        _smartHost = smartHost;
        _host = new(Read(settings), this);
    }

    public IPEndPoint Endpoint => _host.Endpoints[0];

    /// <summary>A gateway for gateway.test in front of a smart host; what is given replaces what stands here.</summary>
    public static async Task<RunningGateway> StartAsync(IPEndPoint smartHost, params string[] settings)
    {
        var gateway = new RunningGateway(smartHost, settings);
        await gateway._host.StartAsync(TestContext.Current.CancellationToken);
        return gateway;
    }

    private GatewayOptions Read(string[] settings) => ConfigurationLoader.Load(null,
        [
            "HostName=mx.gateway.test", "Listeners:0:Endpoint=127.0.0.1:0", "Dns:Servers:0=127.0.0.1:9", "Relay:AcceptedDomains:0=gateway.test",
            $"SmartHosts:0:Host={_smartHost.Address}", $"SmartHosts:0:Port={_smartHost.Port}", "SmartHosts:0:Tls=None", .. settings,
        ]);

    /// <summary>As SIGHUP does it, with these settings in place of those of before.</summary>
    public Task<bool> ReloadAsync(params string[] settings) => _host.ReloadAsync(() => Read(settings));

    /// <summary>What is in force now.</summary>
    public GatewaySnapshot Snapshot => _host.Snapshot;

    public Task StopAsync() => _host.StopAsync(TestContext.Current.CancellationToken);

    /// <summary>The record of the next session that ends.</summary>
    public async Task<SessionRecord> EndedAsync()
    {
        Assert.True(await _ended.WaitAsync(TimeSpan.FromSeconds(60)), "no session ended");
        Assert.True(_records.TryDequeue(out var record));
        return record;
    }

    public void Ended(SessionRecord session)
    {
        _records.Enqueue(session);
        _ended.Release();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _ended.Dispose();
    }
}
