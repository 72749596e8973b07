using System.Text.Json.Nodes;

namespace Gateway.EndToEnd;

/// <summary>Everything around one Gateway: names, the server behind it, and a folder for all their files.</summary>
internal sealed class Site : IAsyncDisposable
{
    private readonly TempFolder _temp = new();
    private DnsServer? _dns;
    private SmartHost? _smartHost;
    private GatewayProcess? _gateway;
    private OutboundPostfix? _outbound;

    private Site()
    {
    }

    public SmartHost SmartHost => _smartHost!;

    public GatewayProcess Gateway => _gateway!;

    public static Task<Site> StartAsync(params string[] profiles) =>
        StartAsync([.. profiles.Select(p => new Listener(p))]);

    public static Task<Site> StartAsync(Listener[] listeners, Action<JsonObject>? adjust = null, bool tls = false, string smartHostLimits = "")
    {
        Tools.Require(Tools.Nsd, Tools.Postfix, Tools.Swaks, Tools.Python);
        var site = new Site();
        return Poll.ReadyAsync(site, async () =>
        {
            site._dns = await DnsServer.StartAsync(site._temp);
            site._smartHost = await SmartHost.StartAsync(site._temp, tls, smartHostLimits);
            site._gateway = await GatewayProcess.StartAsync(site._temp, site._dns.Port, site._smartHost.Port, listeners, adjust);
        });
    }

    public TempFolder Temp => _temp;

    public int DnsPort => _dns!.Port;

    public string Folder(string name) => _temp.Folder(name);

    /// <summary>A real Postfix that sends to the first listener, or to another one, from these addresses.</summary>
    public async Task<OutboundPostfix> SenderAsync(
        string[] clients, int? port = null, bool tls = false, (string User, string Password)? login = null) =>
        _outbound = await OutboundPostfix.StartAsync(_temp, port ?? Gateway.Port, clients, tls, login);

    /// <summary>A connection of our own to the first listener.</summary>
    public Task<SmtpWire> ConnectAsync(string client) => SmtpWire.ConnectAsync(Gateway.Port, client);

    public async ValueTask DisposeAsync()
    {
        // Nested, so that each is ended even when another cannot be.
        using (_temp)
        await using (_dns)
        await using (_smartHost)
        await using (_gateway)
        await using (_outbound)
        {
            // The runner shows it when the test has failed.
            var output = _gateway?.Output ?? "";
            TestContext.Current.TestOutputHelper?.WriteLine(output[Math.Max(0, output.Length - 4_000)..]);
        }
    }
}
