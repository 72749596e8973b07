namespace Gateway.EndToEnd;

/// <summary>
/// A real haproxy in front of Gateway: one port for each version of the PROXY protocol. It connects from 127.2.0.1, and looks after the
/// server's health by SMTP, with a header that says LOCAL or UNKNOWN.
/// </summary>
internal sealed class HaProxy : IAsyncDisposable
{
    public const string Address = "127.2.0.1";

    private readonly ServerProcess _process;

    private HaProxy(ServerProcess process, int v1, int v2) => (_process, V1, V2) = (process, v1, v2);

    public int V1 { get; }

    public int V2 { get; }

    public string Output => _process.Output;

    public static async Task<HaProxy> StartAsync(string folder, int gatewayPort)
    {
        var (v1, v2) = (FreePort.Next(), FreePort.Next());
        await File.WriteAllTextAsync($"{folder}/haproxy.cfg", $"""
            global
              maxconn 500
            defaults
              mode tcp
              timeout connect 10s
              timeout client 60s
              timeout server 60s
              timeout check 10s
              source {Address}
            listen v1
              bind 127.0.0.1:{v1}
              option smtpchk EHLO check-v1.haproxy.test
              server gateway 127.0.0.1:{gatewayPort} check inter 300ms send-proxy check-send-proxy
            listen v2
              bind 127.0.0.1:{v2}
              option smtpchk EHLO check-v2.haproxy.test
              server gateway 127.0.0.1:{gatewayPort} check inter 300ms send-proxy-v2 proxy-v2-options crc32c,unique-id check-send-proxy

            """);
        var haproxy = new HaProxy(new(Tools.HaProxy, "-db", "-f", $"{folder}/haproxy.cfg"), v1, v2);
        return await Poll.ReadyAsync(haproxy, () => haproxy._process.ListensAsync(v1, v2));
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
