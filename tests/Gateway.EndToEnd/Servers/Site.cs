using System.Text.Json.Nodes;

namespace Gateway.EndToEnd;

/// <summary>Everything around one Gateway: names, the server behind it, and a folder for all their files.</summary>
internal sealed class Site : IAsyncDisposable
{
    private readonly TempFolder _temp;
    private OutboundPostfix? _outbound;

    private Site(TempFolder temp, DnsServer dns, SmartHost smartHost, GatewayProcess gateway) =>
        (_temp, Dns, SmartHost, Gateway) = (temp, dns, smartHost, gateway);

    public DnsServer Dns { get; }

    public SmartHost SmartHost { get; }

    public GatewayProcess Gateway { get; }

    public static Task<Site> StartAsync(params string[] profiles) =>
        StartAsync([.. profiles.Select(p => new Listener(p))]);

    public static async Task<Site> StartAsync(Listener[] listeners, Action<JsonObject>? adjust = null, bool tls = false)
    {
        Tools.Require(Tools.Nsd, Tools.Postfix, Tools.Swaks, Tools.Python);
        var temp = new TempFolder();
        var dns = await DnsServer.StartAsync(temp);
        var smartHost = await SmartHost.StartAsync(temp, tls);
        var gateway = await GatewayProcess.StartAsync(temp, dns.Port, smartHost.Port, listeners, adjust);
        return new(temp, dns, smartHost, gateway);
    }

    public string Folder(string name) => _temp.Folder(name);

    /// <summary>A real Postfix that sends to the first listener, or to another one, from these addresses.</summary>
    public async Task<OutboundPostfix> SenderAsync(string[] clients, int? port = null, bool tls = false) =>
        _outbound = await OutboundPostfix.StartAsync(_temp, port ?? Gateway.Port, clients, tls);

    /// <summary>A connection of our own to the first listener.</summary>
    public Task<SmtpWire> ConnectAsync(string client) => SmtpWire.ConnectAsync(Gateway.Port, client);

    public async ValueTask DisposeAsync()
    {
        // The runner shows it when the test has failed.
        var output = Gateway.Output;
        TestContext.Current.TestOutputHelper?.WriteLine(output[Math.Max(0, output.Length - 4_000)..]);
        if (_outbound is not null)
            await _outbound.DisposeAsync();
        await Gateway.DisposeAsync();
        await SmartHost.DisposeAsync();
        await Dns.DisposeAsync();
        _temp.Dispose();
    }
}
