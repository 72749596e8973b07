using System.Net;
using Gateway.Dns;

namespace Gateway.EndToEnd;

/// <summary>A real recursive resolver that knows no other authority than the one it is given, and remembers nothing.</summary>
internal sealed class Unbound : IAsyncDisposable
{
    private readonly ServerProcess _process;
    private readonly StubResolver _resolver;

    private Unbound(ServerProcess process, int port)
    {
        _process = process;
        _resolver = new(new() { Servers = [new(IPAddress.Loopback, port)], Deadline = TimeSpan.FromSeconds(20), AttemptTimeout = TimeSpan.FromSeconds(20) }, TimeProvider.System);
    }

    public static async Task<Unbound> StartAsync(TempFolder temp, int authorityPort)
    {
        var port = FreePort.Next();
        var folder = temp.Folder("unbound");
        await File.WriteAllTextAsync($"{folder}/unbound.conf", $"""
            server:
              interface: 127.0.0.1
              port: {port}
              directory: "{folder}"
              pidfile: ""
              username: ""
              chroot: ""
              do-daemonize: no
              use-syslog: no
              # The reverse zones of loopback and documentation networks, and test., are the lab's.
              unblock-lan-zones: yes
              insecure-lan-zones: yes
              local-zone: "127.in-addr.arpa." nodefault
              local-zone: "test." nodefault
              do-not-query-localhost: no
              module-config: "iterator"
              cache-max-ttl: 0
              cache-max-negative-ttl: 0
              infra-host-ttl: 0
            remote-control:
              control-enable: no
            stub-zone:
              name: "."
              stub-addr: 127.0.0.1@{authorityPort}
            # Delegated: to be referred up to the root from here is lame, and no answer of the root's own.
            stub-zone:
              name: "127.in-addr.arpa"
              stub-addr: 127.0.0.1@{authorityPort}

            """);
        var unbound = new Unbound(new(Tools.Unbound, "-d", "-c", $"{folder}/unbound.conf"), port);
        return await Poll.ReadyAsync(unbound, () => unbound._process.AnswersAsync(async () =>
            (await unbound.AskAsync("mx.gateway.test", RecordType.A)).Status == DnsStatus.Found));
    }

    public async Task<DnsAnswer> AskAsync(string name, RecordType type) =>
        await _resolver.ResolveAsync(new(DomainName.Parse(name), type), TestContext.Current.CancellationToken);

    public Task<DnsAnswer> AskAsync(string client) => AskAsync(ReverseName.Of(IPAddress.Parse(client)).ToString(), RecordType.Ptr);

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
