using System.Net.Sockets;
using System.Text;
using Gateway.Dns;
using Gateway.Lab.Dns;
using Gateway.Lab.Hosting;
using Gateway.Lab.Screens;

namespace Gateway.Lab.Tests.Hosting;

/// <summary>The receivers of the articles: found by MX in the lab's DNS, and answering as the article says.</summary>
public sealed class LabReceiverTests
{
    public static TheoryData<string> Domains => [.. LabReceiver.All.Select(receiver => receiver.Domain)];

    [Theory]
    [MemberData(nameof(Domains))]
    public async Task The_labs_DNS_leads_from_the_domain_to_the_host_and_its_address_and_back(string domain)
    {
        var receiver = LabReceiver.All.Single(one => one.Domain == domain);
        var (zones, faults) = LabZones.Load([]);
        var resolver = new ZoneResolver(zones, faults, TimeProvider.System);

        Task<DnsAnswer> AskAsync(DomainName name, RecordType type) => resolver.ResolveAsync(new(name, type), CancellationToken.None).AsTask();

        var mx = Assert.IsType<MxRecord>(Assert.Single((await AskAsync(Name(domain), RecordType.Mx)).Records));
        Assert.Equal(Name(receiver.Host), mx.Exchange);
        var address = Assert.IsType<AddressRecord>(Assert.Single((await AskAsync(mx.Exchange, RecordType.A)).Records));
        Assert.Equal(receiver.Address, address.Address);
        var ptr = Assert.IsType<PtrRecord>(Assert.Single((await AskAsync(ReverseName.Of(address.Address), RecordType.Ptr)).Records));
        Assert.Equal(Name(receiver.Host), ptr.Target);
    }

    [Fact]
    public async Task A_receiver_of_the_articles_answers_under_its_own_name_at_its_own_address()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux has all of 127.0.0.0/8 without being told");
        var folder = Directory.CreateTempSubdirectory("gateway-lab-");
        try
        {
            var options = new LabOptions { Port = 0, Dns = new(System.Net.IPAddress.Loopback, 0), CaptureFolder = folder.FullName };
            await using var lab = await LabHost.StartAsync(options, new LabLines(TextWriter.Null), TestContext.Current.CancellationToken);

            Assert.Equal(LabReceiver.All, lab.Places.Receivers.Select(place => place.Receiver));
            Assert.All(lab.Places.Receivers, place => Assert.Equal(place.Receiver.Address, place.Endpoint.Address));
            Assert.StartsWith("220-rly-ya06.mx.aol.com ESMTP mail_relay_in-ya6.3; ", await GreetingAsync("aol.com"), StringComparison.Ordinal);
            Assert.StartsWith("220 mail.destination.com ESMTP Postfix", await GreetingAsync("destinationdomain.com"), StringComparison.Ordinal);
            Assert.StartsWith("220 server.destination.com ESMTP Gateway", await GreetingAsync("destination.com"), StringComparison.Ordinal);
            Assert.StartsWith("220 closed.destination.com Microsoft ESMTP MAIL Service", await GreetingAsync("closed.destination.com"), StringComparison.Ordinal);

            async Task<string> GreetingAsync(string domain)
            {
                using var client = new TcpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Parse("127.0.0.10"), 0));
                await client.ConnectAsync(lab.Places.Receivers.Single(place => place.Receiver.Domain == domain).Endpoint, TestContext.Current.CancellationToken);
                using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
                return await reader.ReadLineAsync(TestContext.Current.CancellationToken) ?? "";
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static DomainName Name(string text) => DomainName.TryParse(text, out var name) ? name : throw new FormatException(text);
}
