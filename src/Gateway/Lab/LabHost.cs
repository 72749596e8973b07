using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Gateway.Configuration;
using Gateway.Dns;
using Gateway.Hosting;
using Spectre.Console;

namespace Gateway.Lab;

/// <summary>
/// The lab: a gateway with two listeners, its DNS and its smart host in one process on loopback. Nothing leaves the machine, and
/// nothing need be installed or configured.
/// </summary>
public sealed class LabHost : IAsyncDisposable
{
    /// <summary>One listener each, from the first port on.</summary>
    public static readonly IReadOnlyList<string> Profiles = ["standard", "aol-2006"];

    private readonly AuthoritativeServer _dns;
    private readonly CapturingSmartHost _smartHost;
    private readonly GatewayHost _gateway;
    private readonly LabSessions _sessions;

    private LabHost(AuthoritativeServer dns, CapturingSmartHost smartHost, CaptureFolder folder, GatewayHost gateway, LabSessions sessions)
    {
        (_dns, _smartHost, _gateway, _sessions) = (dns, smartHost, gateway, sessions);
        Folder = folder.Path;
    }

    /// <summary>Where each of <see cref="Profiles"/> listens.</summary>
    public IReadOnlyList<IPEndPoint> Listeners => _gateway.Endpoints;

    public IPEndPoint Dns => _dns.EndPoint;

    public IPEndPoint SmartHost => _smartHost.Endpoint;

    /// <summary>Where the captured messages lie.</summary>
    public string Folder { get; }

    /// <summary>Starts the lab, tells what is where, and shows each connection until it is told to stop.</summary>
    /// <exception cref="IOException">The folder cannot be made, or no port can be had.</exception>
    public static async Task RunAsync(LabOptions options, IAnsiConsole console, CancellationToken cancellationToken)
    {
        await using var lab = await StartAsync(options, new LabScreen(console), cancellationToken);
        await lab._gateway.WaitForStopAsync(cancellationToken);
        await lab._sessions.DisposeAsync();
        new LabScreen(console).Farewell(lab);
    }

    /// <exception cref="IOException">The folder cannot be made, or no port can be had.</exception>
    public static async Task<LabHost> StartAsync(LabOptions options, LabScreen screen, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        var folder = new CaptureFolder(options.CaptureFolder);
        var (zones, faults) = LabZones.Load([]);
        var dns = new AuthoritativeServer(FreePort(options.DnsPort), zones, faults, time);
        await dns.StartAsync(cancellationToken);
        var smartHost = CapturingSmartHost.Start(new(IPAddress.Loopback, 0), folder, time);
        var sessions = new LabSessions(screen);
        var gateway = new GatewayHost(Configure(options, dns.EndPoint, smartHost.Endpoint), sessions);
        var lab = new LabHost(dns, smartHost, folder, gateway, sessions);
        try
        {
            await gateway.StartAsync(cancellationToken);
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
        screen.Welcome(lab);
        sessions.Start();
        return lab;
    }

    public int CapturedCount => _smartHost.Count;

    private static GatewayOptions Configure(LabOptions options, IPEndPoint dns, IPEndPoint smartHost)
    {
        var keys = new Dictionary<string, string>
        {
            ["HostName"] = "mx.gateway.test",
            ["Dns:Servers:0"] = dns.ToString(),
            // The lab's clients are on loopback, and are to be judged.
            ["Policy:ExemptPrivate"] = "false",
            ["Relay:AcceptedDomains:0"] = "gateway.test",
            ["SmartHosts:0:Host"] = smartHost.Address.ToString(),
            ["SmartHosts:0:Port"] = smartHost.Port.ToString(CultureInfo.InvariantCulture),
            ["Limits:StopTimeout"] = "00:00:05",
        };
        for (var i = 0; i < Profiles.Count; i++)
        {
            keys[$"Listeners:{i}:Endpoint"] = FreePort(options.Port == 0 ? 0 : options.Port + i).ToString();
            keys[$"Listeners:{i}:Profile"] = Profiles[i];
        }
        return ConfigurationLoader.FromJson(JsonSerializer.Serialize(keys));
    }

    // Asked by binding, for a port may be taken by TCP of anybody; what is printed is what was really bound.
    private static IPEndPoint FreePort(int wanted)
    {
        var endpoint = new IPEndPoint(IPAddress.Loopback, wanted);
        try
        {
            using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ExclusiveAddressUse = true };
            tcp.Bind(endpoint);
            using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            udp.Bind(endpoint);
            return endpoint;
        }
        catch (SocketException)
        {
            return new(IPAddress.Loopback, 0);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => _gateway.StopAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _smartHost.DisposeAsync();
        await _dns.DisposeAsync();
        await _sessions.DisposeAsync();
    }
}
