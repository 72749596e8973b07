using Gateway.Dns;
using Gateway.Server.Configuration;

namespace Gateway.Server.Tests.Configuration;

public sealed class PublicSuffixFileTests : IDisposable
{
    private const string SystemFile = "/usr/share/publicsuffix/public_suffix_list.dat";

    private readonly string _file = Path.GetTempFileName();

    [Fact]
    public void A_file_that_is_named_is_the_one_that_is_read()
    {
        File.WriteAllText(_file, "// ours\nco.example\n");

        Assert.Equal(DomainName.Parse("a.co.example"), PublicSuffixFile.Load(_file).OrganizationOf(DomainName.Parse("mail.a.co.example")));
    }

    [Fact]
    public void The_systems_list_is_read_where_there_is_one()
    {
        Assert.SkipUnless(File.Exists(SystemFile), "this machine has no list of public suffixes");

        var suffixes = PublicSuffixFile.Load((string?)null);

        Assert.True(suffixes.IsListed);
        Assert.Equal(DomainName.Parse("example.co.uk"), suffixes.OrganizationOf(DomainName.Parse("mail.example.co.uk")));
        Assert.Equal(DomainName.Parse("city.kawasaki.jp"), suffixes.OrganizationOf(DomainName.Parse("mail.city.kawasaki.jp")));
    }

    [Theory]
    [InlineData(null, "Could not find file")]
    [InlineData("// no rule\n", "it holds no rule")]
    public void A_file_that_is_no_list_stops_the_start(string? text, string why)
    {
        if (text is null)
            File.Delete(_file);
        else
            File.WriteAllText(_file, text);

        var error = Assert.Throws<ConfigurationException>(() => Configure($"\"PublicSuffixFile\": {System.Text.Json.JsonSerializer.Serialize(_file)}"));

        Assert.Contains("Policy.PublicSuffixFile is ", Assert.Single(error.Errors).ToString(), StringComparison.Ordinal);
        Assert.Contains(why, error.Errors[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_a_profile_that_compares_organizations_has_the_list_read()
    {
        Assert.False(PublicSuffixFile.Load(Configure("\"ExemptPrivate\": true")).IsListed);
    }

    [Theory]
    [InlineData("\"Lists\": [ \"wl.example.org\" ]", null)]
    [InlineData("\"Lists\": [ \".\" ]", "Policy.Exempt.Lists[0] is \".\", but must be the domain of a list of addresses")]
    public void Lists_that_exempt_are_domains(string exempt, string? mistake)
    {
        if (mistake is null)
            Assert.Equal([DomainName.Parse("wl.example.org")], Configure($"\"Exempt\": {{ {exempt} }}").Policy.ExemptLists);
        else
            Assert.StartsWith(mistake, Assert.Throws<ConfigurationException>(() => Configure($"\"Exempt\": {{ {exempt} }}")).Errors[0].ToString(), StringComparison.Ordinal);
    }

    private static GatewayOptions Configure(string policy) => ConfigurationLoader.FromJson($$"""
        {
          "HostName": "mx.example.com", "Policy": { {{policy}} },
          "Relay": { "AcceptedDomains": [ "example.com" ] }, "SmartHosts": [ { "Host": "10.0.0.5" } ]
        }
        """);

    public void Dispose() => File.Delete(_file);
}
