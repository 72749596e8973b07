using Gateway.Tests;
using MailKit.Security;

namespace Gateway.Peers.Tests;

/// <summary>A whole gateway for gateway.test between two peers: MailKit in front of it, SmtpServer behind it.</summary>
internal sealed class PeerSite : IAsyncDisposable
{
    private PeerSite(RunningGateway gateway, PeerSmartHost smartHost) => (Gateway, SmartHost) = (gateway, smartHost);

    public RunningGateway Gateway { get; }

    public PeerSmartHost SmartHost { get; }

    /// <summary>A gateway with these settings in front of a smart host that takes everything.</summary>
    public static Task<PeerSite> StartAsync(params string[] settings) => StartAsync(new PeerSmartHost(), settings);

    public static async Task<PeerSite> StartAsync(PeerSmartHost smartHost, params string[] settings)
    {
        smartHost.Start();
        return new(await RunningGateway.StartAsync(smartHost.Endpoint, settings), smartHost);
    }

    /// <summary>MailKit, connected and through EHLO.</summary>
    public async Task<MailKitClient> ConnectAsync(SecureSocketOptions security = SecureSocketOptions.None, TestAuthority? trusted = null)
    {
        var client = new MailKitClient(trusted);
        await client.ConnectAsync(Gateway.Endpoint, security);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await SmartHost.DisposeAsync();
    }
}
