using System.Net;
using Gateway.Lab.Dns;
using Gateway.Lab.SmartHosts;
using Gateway.Server.Configuration;
using Gateway.Server.Hosting;

namespace Gateway.Lab.Hosting;

/// <summary>
/// The lab: a gateway with a listener for each receiver, its DNS and its smart host in one process on loopback. Nothing leaves
/// the machine, and nothing need be installed or configured.
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

    /// <summary>Where everything is.</summary>
    public LabPlaces Places => _places!;

    public int CapturedCount => _smartHost.Count;

    /// <summary>Starts the lab, tells what is where, and shows each connection until it is told to stop.</summary>
    /// <param name="options">What was chosen.</param>
    /// <param name="screen">Where it tells.</param>
    /// <param name="input">Commands, a line each; its end is not that of the lab.</param>
    /// <param name="cancellationToken">Closes it.</param>
    /// <exception cref="IOException">A folder, a file or an endpoint cannot be had.</exception>
    /// <exception cref="ConfigurationException">Zone files or the smart host's script are wrong.</exception>
    public static async Task RunAsync(LabOptions options, ILabScreen screen, TextReader input, CancellationToken cancellationToken)
    {
        await using var lab = await StartAsync(options, screen, cancellationToken);
        using var closing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var deeds = new LabDeeds(
            lab._gateway.ForgetDns, lab._dns.RestoreFaults, () => screen.Profiles(lab.Places), screen.ClientKinds, closing.Cancel);
        var prompt = new LabPrompt(lab._dns.Faults, lab._smartHost, deeds);
        // Nobody waits for its end: a read from a terminal ends with its line, or with the process.
        _ = prompt.RunAsync(input, screen.Said, closing.Token);
        await lab._gateway.WaitForStopAsync(closing.Token);
        await lab._sessions.DisposeAsync();
        screen.Farewell(lab.Places, lab.CapturedCount);
    }

    /// <exception cref="IOException">A folder, a file or an endpoint cannot be had.</exception>
    /// <exception cref="ConfigurationException">Zone files or the smart host's script are wrong.</exception>
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
            screen.Said($"Another program uses {options.PreferredDns}: the lab's DNS serves on {dns.Endpoint} instead.");
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
                screen.Said("The zone files have changed, and were read again.");
            },
            refused: mistakes =>
            {
                screen.Said($"The zone files have changed and are wrong; what was served before stays: {mistakes.Count} mistake{(mistakes.Count == 1 ? "" : "s")}");
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
            throw new ConfigurationException([.. wrong.Problems.Select(problem => new ConfigurationError("", problem))]) { Subject = "the script of the smart host has" };
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
