using System.Net;
using Gateway.Dns;
using Gateway.Policy.Advising;
using Gateway.Policy.Facts;

namespace Gateway.Policy.Tests;

/// <summary>KB300171: some receivers want the PTR name to be the server's own, which is usually the MX host's.</summary>
public sealed class NameComparisonTests
{
    private static readonly IPAddress Address = IPAddress.Parse("209.54.61.76");

    [Theory]
    [InlineData("all are one", "mail.source.com", "mail.source.com", "mail.source.com", "Helo True|Mx True")]
    [InlineData("case does not matter", "mail.source.com", "MAIL.source.com", "mail.source.com", "Helo True|Mx True")]
    [InlineData("mail goes out under another name", "out.source.com", "out.source.com", "mail.source.com", "Helo True|Mx False")]
    [InlineData("the server says another name", "out.source.com", "mail.source.com", "mail.source.com", "Helo False|Mx False")]
    [InlineData("an address literal is no name", "out.source.com", "[209.54.61.76]", "out.source.com", "Mx True")]
    [InlineData("the name in HELO was not given", "out.source.com", null, "out.source.com", "Mx True")]
    [InlineData("without a PTR name there is nothing to compare", null, "mail.source.com", "mail.source.com", "")]
    public void The_PTR_name_is_compared_with_HELO_and_MX(string reason, string? ptr, string? helo, string mx, string expected)
    {
        var host = DomainName.Parse(mx);
        PtrName[] names = ptr is null ? [] : [new(DomainName.Parse(ptr), null, IsConfirmed: true)];
        var client = new ClientFacts(Address, names.Length == 0 ? IprevStatus.PermError : IprevStatus.Pass, names, "", [], TimeSpan.Zero);
        var facts = new PublishedFacts(client, null, [(new MxRecord(DomainName.Parse("source.com"), default, 10, host), new(host, []))], null, []);

        var rows = NameComparison.Of(facts, helo);

        Assert.True(expected == string.Join('|', rows.Select(row => $"{row.Kind} {row.Agrees}")), reason);
    }
}
