using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Gateway.Dns;
using Gateway.Lab.Conversations;
using Gateway.Lab.Dns;
using Gateway.Server.Configuration;

namespace Gateway.Lab.Tests.Dns;

public sealed class LabDnsTests : IDisposable
{
    private const string Zone = "$TTL 1h\n@ SOA ns h 1 1h 15m 1w 5m\n@ NS ns\nns A 127.0.0.1\n";
    private static readonly IPEndPoint AnyPort = new(IPAddress.Loopback, 0);
    private static readonly TimeSpan Ample = TimeSpan.FromMinutes(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-test-").FullName;
    private readonly StagedTime _time = new(new(2006, 3, 6, 10, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Zones_of_ones_own_stand_beside_those_of_the_lab_and_replace_one_of_the_same_name()
    {
        Write("own.test.zone", Zone + "host A 192.0.2.1\n;@fault late servfail\n");
        Write("source.com.zone", Zone + "mail A 192.0.2.2\n");
        await using var dns = await StartAsync();

        Assert.Equal("192.0.2.1", await AddressAsync(dns, "host.own.test"));
        Assert.Equal("192.0.2.2", await AddressAsync(dns, "mail.source.com"));
        Assert.Equal("NoData", await AddressAsync(dns, "source.com"));
        Assert.Equal("127.0.0.1", await AddressAsync(dns, "mx.gateway.test"));
        Assert.Equal("ServerFailure", await AddressAsync(dns, "late.own.test"));
    }

    [Fact]
    public async Task Mistakes_are_listed_with_file_and_line_and_stop_the_start()
    {
        Write("own.test.zone", Zone + "host A 192.0.2\n");
        Write("other.test.zone", "nonsense\n");

        var wrong = await Assert.ThrowsAsync<ConfigurationException>(() => StartAsync());

        Assert.Contains(wrong.Errors, mistake => mistake.ToString().StartsWith(Path.Combine(_folder, "own.test.zone:5: "), StringComparison.Ordinal));
        Assert.Contains(wrong.Errors, mistake => mistake.ToString().StartsWith(Path.Combine(_folder, "other.test.zone:1: "), StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_typed_over_the_files_ends_and_what_it_ended_begins_again()
    {
        Write("own.test.zone", Zone + "host A 192.0.2.1\n;@fault late servfail\n;@fault gone A refuse\n");
        await using var dns = await StartAsync();
        var before = dns.Faults.Rules.ToHashSet();
        dns.Faults.Set(DomainName.Parse("host.own.test"), null, new Fault.Drop());
        dns.Faults.Set(DomainName.Parse("late.own.test"), null, new Fault.Refuse());
        dns.Faults.Clear(DomainName.Parse("gone.own.test"), RecordType.A);

        dns.RestoreFaults();

        Assert.Equal(before, dns.Faults.Rules.ToHashSet());
    }

    [Fact]
    public async Task A_changed_folder_is_read_again_and_a_wrong_one_changes_nothing()
    {
        Write("own.test.zone", Zone + "host A 192.0.2.1\n;@fault old drop\n");
        await using var dns = await StartAsync();
        var news = Channel.CreateUnbounded<string>();
        dns.Watch(() => news.Writer.TryWrite("changed"), mistakes => news.Writer.TryWrite(string.Join(' ', mistakes)));
        dns.Faults.Set(DomainName.Parse("typed.own.test"), null, new Fault.Refuse());

        Write("own.test.zone", Zone + "host A 192.0.2.77\nbroken\n");
        Assert.Contains("own.test.zone:6: ", await NextAsync(news), StringComparison.Ordinal);
        Assert.Equal("192.0.2.1", await AddressAsync(dns, "host.own.test"));

        Write("own.test.zone", Zone + "host A 192.0.2.99\n;@fault new servfail\n");
        Assert.Equal("changed", await NextAsync(news));
        Assert.Equal("192.0.2.99", await AddressAsync(dns, "host.own.test"));
        Assert.Equal("NameError", await AddressAsync(dns, "old.own.test"));
        Assert.Equal("ServerFailure", await AddressAsync(dns, "new.own.test"));
        Assert.Equal("Refused", await AddressAsync(dns, "typed.own.test"));

        File.Delete(Path.Combine(_folder, "own.test.zone"));
        Assert.Equal("changed", await NextAsync(news));
        Assert.Equal("NameError", await AddressAsync(dns, "host.own.test"));
    }

    [Fact]
    public async Task An_endpoint_that_was_asked_for_and_is_taken_is_an_error_with_words()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        taken.Bind(AnyPort);
        var endpoint = (IPEndPoint)taken.LocalEndPoint!;

        var error = await Assert.ThrowsAsync<IOException>(() => LabDns.StartAsync(endpoint, null, TimeProvider.System, CancellationToken.None));

        Assert.StartsWith($"the lab's DNS server cannot listen on {endpoint}: ", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<LabDns> StartAsync() => LabDns.StartAsync(AnyPort, _folder, _time, CancellationToken.None);

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_folder, file), text);

    // The folder is looked at by the staged clock: only here, never while a test writes to it.
    private async Task<string> NextAsync(Channel<string> news)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Ample);
        string? told;
        while (!news.Reader.TryRead(out told))
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, patience.Token);
        }
        return told;
    }

    private static async Task<string> AddressAsync(LabDns dns, string name)
    {
        var resolver = new StubResolver(new() { Servers = [dns.Endpoint], Deadline = Ample }, TimeProvider.System);
        var answer = await resolver.ResolveAsync(new(DomainName.Parse(name), RecordType.A), TestContext.Current.CancellationToken);
        return answer.Records is [AddressRecord record] ? record.Address.ToString() : answer.Status.ToString();
    }
}
