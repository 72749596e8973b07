using Gateway.Dns;
using Gateway.Policy.Facts;

namespace Gateway.Policy.Tests;

public sealed class PublicSuffixesTests
{
    // The rules and cases of publicsuffix.org/list: wildcards, exceptions, U-labels, private domains, unlisted suffixes.
    private static readonly PublicSuffixes List = PublicSuffixes.Parse("""
        // a comment
        com
        uk
        co.uk   trailing words are no rule
        *.ck
        !www.ck
        jp
        *.kobe.jp
        !city.kobe.jp
        公司.cn
        // ===BEGIN PRIVATE DOMAINS===
        hoster.com
        """);

    [Theory]
    [InlineData("com", null)]
    [InlineData("example.com", "example.com")]
    [InlineData("a.b.EXAMPLE.com", "example.com")]
    [InlineData("co.uk", null)]
    [InlineData("example.co.uk", "example.co.uk")]
    [InlineData("mail.example.co.uk", "example.co.uk")]
    [InlineData("example.uk", "example.uk")]
    [InlineData("ck", null)]
    [InlineData("test.ck", null)]
    [InlineData("a.b.test.ck", "b.test.ck")]
    [InlineData("www.ck", "www.ck")]
    [InlineData("mail.www.ck", "www.ck")]
    [InlineData("c.kobe.jp", null)]
    [InlineData("a.b.c.kobe.jp", "b.c.kobe.jp")]
    [InlineData("a.city.kobe.jp", "city.kobe.jp")]
    [InlineData("hoster.com", null)]
    [InlineData("x.customer.hoster.com", "customer.hoster.com")]
    [InlineData("a.b.unlisted", "b.unlisted")]
    [InlineData("unlisted", null)]
    [InlineData("www.xn--85x722f.xn--55qx5d.cn", "xn--85x722f.xn--55qx5d.cn")]
    [InlineData(".", null)]
    public void An_organization_is_one_label_below_a_suffix(string name, string? organization) =>
        Assert.Equal(organization is null ? null : DomainName.Parse(organization), List.OrganizationOf(DomainName.Parse(name)));

    [Theory]
    [InlineData("mail.example.co.uk", "co.uk")]
    [InlineData("mail.example.com", "example.com")]
    public void Without_a_list_it_is_two_labels(string name, string organization) =>
        Assert.Equal(DomainName.Parse(organization), PublicSuffixes.None.OrganizationOf(DomainName.Parse(name)));

    [Theory]
    [InlineData("a.example.com", "b.example.com", true)]
    [InlineData("a.hoster.com", "b.hoster.com", false)]
    [InlineData("co.uk", "co.uk", true)]
    [InlineData("example.co.uk", "other.co.uk", false)]
    public void Names_of_one_organization_belong_together(string one, string other, bool belong) =>
        Assert.Equal(belong, List.BelongTogether(DomainName.Parse(one), DomainName.Parse(other)));

    [Theory]
    [InlineData("")]
    [InlineData("// nothing but words")]
    public void A_text_without_rules_is_no_list(string text) => Assert.False(PublicSuffixes.Parse(text).IsListed);
}
