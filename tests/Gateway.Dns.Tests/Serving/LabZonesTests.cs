using System.Net;

namespace Gateway.Dns.Tests.Serving;

public class LabZonesTests
{
    private static readonly string Folder = Path.Combine(Root(), "config", "lab", "zones");
    private static readonly ZoneFolder Lab = ZoneFolder.Read(Folder);

    public static TheoryData<int, string, string> Clients => new()
    {
        { 10, "pass", "mail.good.lab.test" },
        { 11, "pass", "other.lab.test mail2.good.lab.test" },
        { 20, "permerror", "NameError" },
        { 21, "permerror", "NoData" },
        { 30, "fail", "other.lab.test" },
        { 31, "fail", "missing.lab.test" },
        { 32, "fail", "no-address.lab.test" },
        { 40, "pass", "{dashes}.dyn.lab.test" },
        { 41, "fail", "{reverse}" },
        { 42, "pass", "10.20.30.42 mailserver mail_server.lab.test" },
        { 43, "fail", "10.20.30.43" },
        { 44, "fail", "mailserver" },
        { 45, "pass", "mail_server.lab.test" },
        { 49, "temperror", "TimedOut" },
        { 50, "temperror", "ServerFailure" },
        { 51, "temperror", "TimedOut" },
        { 52, "temperror", "Refused" },
        { 53, "temperror", "Malformed" },
        { 54, "pass", "slow.lab.test" },
        { 55, "temperror", "forward-servfail.lab.test" },
        { 56, "temperror", "forward-drop.lab.test" },
        { 57, "pass", "forward-servfail.lab.test mail57.lab.test" },
        { 58, "temperror", "other.lab.test forward-servfail.lab.test" },
        { 59, "temperror", "Malformed" },
        { 60, "pass", "classless.lab.test" },
        { 62, "pass", "truncated.lab.test" },
        { 63, "pass", "evil\\013\\010X-Injected:\\032yes<b>\\255.lab.test" },
        { 65, "temperror", "Malformed" },
        { 70, "pass", "listed.lab.test" },
    };

    [Fact]
    public void Every_zone_file_is_right()
    {
        Assert.Empty(Lab.Errors);
        Assert.Equal(Directory.GetFiles(Folder, "*.zone").Length, Lab.Zones.Zones.Count);
        Assert.All(Lab.Zones.Zones, zone => Assert.NotEmpty(zone.Find(new(zone.Origin, RecordType.Ns)).Records));
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task A_client_is_of_its_kind_in_every_network(int octet, string iprev, string names)
    {
        foreach (var network in new[] { "127.0.0", "192.0.2", "198.51.100", "203.0.113" })
        {
            var address = IPAddress.Parse($"{network}.{octet}");
            var expected = names
                .Replace("{dashes}", address.ToString().Replace('.', '-'), StringComparison.Ordinal)
                .Replace("{reverse}", ReverseName.Of(address).ToString(), StringComparison.Ordinal);

            Assert.Equal((network, iprev, expected), (network, await Judge(address), await Names(address)));
        }
    }

    [Theory]
    [InlineData("127.0.0.1", "pass", "loopback.lab.test")]
    [InlineData("::1", "pass", "loopback.lab.test")]
    [InlineData("2001:db8::10", "pass", "mail.good.lab.test")]
    [InlineData("2001:db8::20", "permerror", "NameError")]
    [InlineData("2001:db8::30", "fail", "other.lab.test")]
    [InlineData("2001:db8::40", "pass", "2001-db8--40.dyn.lab.test")]
    [InlineData("2001:db8::50", "temperror", "ServerFailure")]
    [InlineData("2001:db8::51", "temperror", "TimedOut")]
    [InlineData("203.0.113.5", "pass", "mail.example.com")]
    [InlineData("203.0.113.80", "pass", "out.destination.com")]
    [InlineData("127.0.2.1", "pass", "rly-ya06.mx.aol.com")]
    [InlineData("127.0.2.9", "pass", "closed.destination.com")]
    [InlineData("209.54.61.76", "pass", "mail.source.com")]
    [InlineData("209.54.61.77", "permerror", "NameError")]
    [InlineData("209.54.61.78", "fail", "mail.source.com")]
    [InlineData("4.3.2.1", "pass", "customer.isp.example")]
    [InlineData("4.3.2.25", "pass", "smtp.isp.example")]
    [InlineData("4.3.2.100", "pass", "4-3-2-100.dyn.isp.example")]
    [InlineData("10.10.10.1", "permerror", "NameError")]
    public async Task A_client_is_of_its_kind(string address, string iprev, string names)
    {
        Assert.Equal((iprev, names), (await Judge(IPAddress.Parse(address)), await Names(IPAddress.Parse(address))));
    }

    [Theory]
    [InlineData(61, "pass")]
    [InlineData(64, "fail")]
    public async Task A_client_may_have_forty_names(int octet, string iprev)
    {
        var address = new IPAddress(new byte[] { 127, 0, 0, (byte)octet });

        Assert.Equal(iprev, await Judge(address));
        Assert.Equal(40, (await Names(address)).Split(' ').Length);
    }

    [Theory]
    [InlineData("good.lab.test", RecordType.Mx, DnsStatus.Found)]
    [InlineData("good.lab.test", RecordType.A, DnsStatus.Found)]
    [InlineData("nomx.lab.test", RecordType.Mx, DnsStatus.NoData)]
    [InlineData("nomx.lab.test", RecordType.A, DnsStatus.Found)]
    [InlineData("nullmx.lab.test", RecordType.Mx, DnsStatus.Found)]
    [InlineData("badmx.lab.test", RecordType.Mx, DnsStatus.Found)]
    [InlineData("missing.lab.test", RecordType.A, DnsStatus.NameError)]
    [InlineData("noaddress.lab.test", RecordType.Mx, DnsStatus.NoData)]
    [InlineData("noaddress.lab.test", RecordType.A, DnsStatus.NoData)]
    [InlineData("nxdomain.lab.test", RecordType.Mx, DnsStatus.NameError)]
    [InlineData("servfail.lab.test", RecordType.Mx, DnsStatus.ServerFailure)]
    [InlineData("mail.servfail.lab.test", RecordType.A, DnsStatus.ServerFailure)]
    [InlineData("timeout.lab.test", RecordType.Mx, DnsStatus.TimedOut)]
    [InlineData("lame.lab.test", RecordType.Mx, DnsStatus.Malformed)]
    [InlineData("mail.lame.lab.test", RecordType.A, DnsStatus.Malformed)]
    [InlineData("source.com", RecordType.Mx, DnsStatus.Found)]
    [InlineData("destination.com", RecordType.Mx, DnsStatus.Found)]
    [InlineData("destinationdomain.com", RecordType.Mx, DnsStatus.Found)]
    [InlineData("unknown.example", RecordType.Mx, DnsStatus.NameError)]
    [InlineData("70.0.0.127.bl.lab.test", RecordType.A, DnsStatus.Found)]
    [InlineData("70.113.0.203.bl.lab.test", RecordType.Txt, DnsStatus.Found)]
    [InlineData("2.0.0.127.bl.lab.test", RecordType.A, DnsStatus.Found)]
    [InlineData("1.0.0.127.bl.lab.test", RecordType.A, DnsStatus.NameError)]
    public async Task A_domain_is_of_its_kind(string name, RecordType type, DnsStatus expected)
    {
        Assert.Equal(expected, (await Resolver().ResolveAsync(new(DomainName.Parse(name), type), CancellationToken.None)).Status);
    }

    [Fact]
    public async Task The_null_mx_is_one()
    {
        var answer = await Resolver().ResolveAsync(new(DomainName.Parse("nullmx.lab.test"), RecordType.Mx), CancellationToken.None);

        Assert.True(Assert.IsType<MxRecord>(Assert.Single(answer.Records)).IsNull);
    }

    [Theory]
    [InlineData("mail.good.lab.test", true)]
    [InlineData("127-0-0-40.dyn.lab.test", true)]
    [InlineData("10.20.30.42", false)]
    [InlineData("mailserver", false)]
    [InlineData("mail_server.lab.test", false)]
    [InlineData("evil\\013\\010X-Injected:\\032yes<b>\\255.lab.test", false)]
    public void A_name_of_the_lab_is_a_host_name_or_meant_not_to_be(string name, bool expected)
    {
        Assert.Equal(expected, DomainName.Parse(name).IsHostName);
    }

    [Fact]
    public void Two_seconds_is_how_late_the_late_one_is()
    {
        Assert.Equal(
            new Fault.Delay(TimeSpan.FromSeconds(2)),
            new FaultTable(Lab.Faults).Find(ReverseName.Of(IPAddress.Parse("127.0.0.54")), RecordType.Ptr));
    }

    // The late one would keep the test waiting: what it says in the end is tested here, not when.
    private static ZoneResolver Resolver() => new(
        Lab.Zones,
        new(Lab.Faults.Select(rule => rule.Fault is Fault.Delay ? rule with { Fault = new Fault.Truncate() } : rule)),
        TimeProvider.System);

    private static Task<string> Judge(IPAddress address) => Reverse.JudgeAsync(Resolver(), address);

    private static async Task<string> Names(IPAddress address)
    {
        var answer = await Resolver().ResolveAsync(new(ReverseName.Of(address), RecordType.Ptr), CancellationToken.None);
        return answer.Status == DnsStatus.Found
            ? string.Join(' ', answer.Records.Cast<PtrRecord>().Select(record => record.Target))
            : answer.Status.ToString();
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Gateway.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
