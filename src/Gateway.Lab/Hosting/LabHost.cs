using System.Net;
using Gateway.Lab.Dns;
using Gateway.Lab.SmartHosts;
using Gateway.Server.Configuration;
using Gateway.Server.Hosting;

namespace Gateway.Lab.Hosting;

/// <summary>
/// The lab: a gateway with a listener for each receiver, a DNS server and a smart host, in one process on loopback. No mail leaves
/// the machine, and nothing has to be installed or configured.
/// </summary>
public sealed class LabHost : IAsyncDisposable
{
    private readonly LabCertificate _certificate;
    private readonly LabUsers _users;
    private readonly LabDns _dns;
    private readonly CapturingSmartHost _smartHost;
    private readonly GatewayHost _gateway;
    private readonly LabSessions _sessions;
    private LabPlaces? _places;

    private LabHost(
        LabCertificate certificate, LabUsers users, LabDns dns, CapturingSmartHost smartHost, GatewayHost gateway, LabSessions sessions) =>
        (_certificate, _users, _dns, _smartHost, _gateway, _sessions) = (certificate, users, dns, smartHost, gateway, sessions);

    /// <summary>The endpoints of all parts of the lab.</summary>
    public LabPlaces Places => _places!;

    public int CapturedCount => _smartHost.Count;

    /// <summary>Starts the lab, shows its endpoints, and shows each connection until the lab is stopped.</summary>
    /// <param name="options">The options of the command line.</param>
    /// <param name="screen">The output.</param>
    /// <param name="input">The commands, one on each line. The lab goes on when the input ends.</param>
    /// <param name="cancellationToken">Stops the lab.</param>
    /// <exception cref="IOException">A folder or a file cannot be used, or a part of the lab cannot listen.</exception>
    /// <exception cref="ConfigurationException">A zone file or the smart host's file has mistakes.</exception>
    public static async Task RunAsync(LabOptions options, ILabScreen screen, TextReader input, CancellationToken cancellationToken)
    {
        await using var lab = await StartAsync(options, screen, cancellationToken);
        using var closing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var actions = new LabActions(
            lab._gateway.ForgetDns, lab._dns.RestoreFaults, () => screen.Profiles(lab.Places), screen.ClientKinds, closing.Cancel);
        var prompt = new LabPrompt(lab._dns.Faults, lab._smartHost, actions);
        // The task is not awaited, because a read from a terminal only ends with a line, or with the process.
        _ = prompt.RunAsync(input, screen.Said, closing.Token);
        await lab._gateway.WaitForStopAsync(closing.Token);
        await lab._sessions.DisposeAsync();
        screen.Farewell(lab.Places, lab.CapturedCount);
    }

    /// <exception cref="IOException">A folder or a file cannot be used, or a part of the lab cannot listen.</exception>
    /// <exception cref="ConfigurationException">A zone file or the smart host's file has mistakes.</exception>
    public static async Task<LabHost> StartAsync(LabOptions options, ILabScreen screen, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        var script = ReadScript(options.SmartHostScript);
        var folder = new CaptureFolder(options.CaptureFolder);
        var dns = await LabDns.StartAsync(options.Dns ?? FreePort.For(options.PreferredDns), options.ZonesFolder, time, cancellationToken);
        var smartHost = CapturingSmartHost.Start(new(IPAddress.Loopback, 0), folder, time, script, new Random());
        var certificate = LabCertificate.Create(LabPlaces.HostName, time.GetUtcNow());
        var users = new LabUsers();
        var sessions = new LabSessions(screen);
        LabReceiver[] receivers = [.. LabReceiver.All.Where(static receiver => FreePort.IsOurs(receiver.Address))];
        var gateway = new GatewayHost(LabConfiguration.Of(new(options.Address, options.Port), receivers, dns.Endpoint, smartHost.Endpoint, certificate, users), sessions);
        var lab = new LabHost(certificate, users, dns, smartHost, gateway, sessions);
        try
        {
            await gateway.StartAsync(cancellationToken);
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
        lab.Open(folder.Path, receivers, screen);
        if (options.Dns is null && !dns.Endpoint.Equals(options.PreferredDns))
            screen.Said($"Another program uses {options.PreferredDns}, so the lab's DNS server listens on {dns.Endpoint} instead.");
        return lab;
    }

    private void Open(string folder, LabReceiver[] receivers, ILabScreen screen)
    {
        var proxied = LabPlaces.ProfileNames.Count + 1;
        _places = new(
            _gateway.Endpoints[0],
            _gateway.Endpoints[proxied],
            [.. LabPlaces.ProfileNames.Zip(_gateway.Endpoints.Skip(1), (profile, endpoint) => new LabListener(profile.Name, profile.IsReceiver, endpoint))],
            _dns.Endpoint, _smartHost.Endpoint, folder)
        {
            Receivers = [.. receivers.Zip(_gateway.Endpoints.Skip(proxied + 1), static (receiver, endpoint) => new LabReceiverPlace(receiver, endpoint))],
        };
        screen.Welcome(_places);
        _sessions.Start();
        _dns.Watch(
            changed: () =>
            {
                _gateway.ForgetDns();
                screen.Said("The zone files have changed, and the lab has read them again.");
            },
            refused: mistakes =>
            {
                screen.Said($"The zone files have changed and have {mistakes.Count} mistake{(mistakes.Count == 1 ? "" : "s")}, so the lab serves the previous zones:");
                foreach (var mistake in mistakes)
                    screen.Said($"  {mistake}");
            });
    }

    private static SmartHostScript ReadScript(string? path)
    {
        try
        {
            return path is null ? SmartHostScript.Load() : SmartHostScript.Read(path);
        }
        catch (SmartHostScriptException wrong)
        {
            throw new ConfigurationException([.. wrong.Problems.Select(problem => new ConfigurationError("", problem))]) { Subject = "the smart host's file has" };
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => _gateway.StopAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _dns.DisposeAsync();
        await _gateway.DisposeAsync();
        await _smartHost.DisposeAsync();
        await _sessions.DisposeAsync();
        _certificate.Dispose();
        _users.Dispose();
    }
}
