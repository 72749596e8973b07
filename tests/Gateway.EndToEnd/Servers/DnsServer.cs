using System.Globalization;
using System.Net;
using System.Text;

namespace Gateway.EndToEnd;

/// <summary>
/// A real name server (NSD) with the zones of the tests:
/// 127.1.0.1–250 and 127.0.0.1 have a PTR that leads back, 127.77.0.1–250 one that does not, 127.99.0.1–250 one that is no host
/// name, and the zone of 127.88/16 cannot be loaded, so that every answer is SERVFAIL. The rest of 127/8 has no PTR. Of the
/// domains below <c>test</c>, those named in <see cref="Forward"/> exist.
/// </summary>
internal sealed class DnsServer : IAsyncDisposable
{
    private const string Head = "$TTL 60\n@ SOA ns.gw.test. root.gw.test. 1 3600 600 86400 60\n@ NS ns.gw.test.\n";
    private readonly ServerProcess _nsd;

    private DnsServer(ServerProcess nsd, int port) => (_nsd, Port) = (nsd, port);

    public int Port { get; }

    /// <summary>The confirmed name of a client in 127.1.0.0/24. A letter for each digit: with the address in it, it would be generic.</summary>
    public static string NameOf(string client) =>
        $"mail-{string.Concat(client.Select(static c => c == '.' ? '-' : (char)('a' + (c - '0'))))}.clients.test";

    public static async Task<DnsServer> StartAsync(TempFolder temp)
    {
        var folder = temp.Folder("dns");
        var port = FreePort.Next();
        await File.WriteAllTextAsync($"{folder}/reverse", Reverse());
        await File.WriteAllTextAsync($"{folder}/forward", Forward());
        await File.WriteAllTextAsync($"{folder}/nsd.conf", Configuration(folder, port));
        var server = new DnsServer(new(Tools.Nsd, "-d", "-c", $"{folder}/nsd.conf"), port);
        return await Poll.ReadyAsync(server, () => server._nsd.AnswersAsync(server.AnswersAsync));
    }

    public ValueTask DisposeAsync() => _nsd.DisposeAsync();

    private static string Configuration(string folder, int port) => $"""
        server:
          ip-address: 127.0.0.1@{port}
          username: ""
          chroot: ""
          zonesdir: "{folder}"
          pidfile: "{folder}/pid"
          logfile: "{folder}/log"
          xfrdfile: ""
          xfrdir: "{folder}"
          database: ""
          zonelistfile: "{folder}/zones"
          server-count: 1
          # NSD's own limit for repeated answers would drop those of a busy test.
          rrl-ratelimit: 0
        remote-control:
          control-enable: no
        zone:
          name: "127.in-addr.arpa"
          zonefile: reverse
        zone:
          name: "88.127.in-addr.arpa"
          zonefile: there-is-no-such-file
        zone:
          name: "test"
          zonefile: forward

        """;

    private static string Reverse()
    {
        var zone = new StringBuilder("$ORIGIN 127.in-addr.arpa.\n").Append(Head);
        zone.Append($"1.0.0 PTR {NameOf("127.0.0.1")}.\n88 NS ns.gw.test.\n");
        foreach (var last in Enumerable.Range(1, 250))
        {
            zone.Append(CultureInfo.InvariantCulture, $"{last}.0.1 PTR {NameOf($"127.1.0.{last}")}.\n");
            zone.Append(CultureInfo.InvariantCulture, $"{last}.0.77 PTR {NameOf($"127.77.0.{last}")}.\n");
            zone.Append(CultureInfo.InvariantCulture, $"{last}.0.99 PTR {last}.0.99.127.in-addr.arpa.\n");
        }

        return zone.ToString();
    }

    private static string Forward()
    {
        var zone = new StringBuilder("$ORIGIN test.\n").Append(Head);
        zone.Append("""
            ns.gw A 127.0.0.1
            gw A 127.0.0.1
            gw MX 10 gw.test.
            sender A 127.0.0.1
            sender MX 10 sender.test.
            nomail A 127.0.0.1
            nomail MX 0 .

            """);
        zone.Append($"{NameOf("127.0.0.1")}. A 127.0.0.1\n");
        foreach (var last in Enumerable.Range(1, 250))
        {
            zone.Append($"{NameOf($"127.1.0.{last}")}. A 127.1.0.{last}\n");
            zone.Append($"{NameOf($"127.77.0.{last}")}. A 192.0.2.1\n");
        }

        return zone.ToString();
    }

    // One question by hand: the answer's first bytes are the question's id, whatever the rest says.
    private async Task<bool> AnswersAsync()
    {
        using var socket = new System.Net.Sockets.UdpClient();
        byte[] question = [0x12, 0x34, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 4, .. "test"u8, 0, 0, 6, 0, 1];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1), TimeProvider.System);
        try
        {
            await socket.SendAsync(question, new IPEndPoint(IPAddress.Loopback, Port), patience.Token);
            var answer = await socket.ReceiveAsync(patience.Token);
            return answer.Buffer is [0x12, 0x34, ..];
        }
        catch (Exception notYet) when (notYet is System.Net.Sockets.SocketException or OperationCanceledException)
        {
            return false;
        }
    }
}
