using System.Net;
using Gateway.Server.Inbound;
using Gateway.Smtp;

namespace Gateway.Server.Tests.Inbound;

public sealed class RelayControlTests
{
    private static readonly RelayControl Control = new(new(
        ["example.com", ".sub.example.com"], [IPNetwork.Parse("192.0.2.0/28"), IPNetwork.Parse("2001:db8::/64")], []));

    [Theory]
    [InlineData("bob", "example.com", true, "ours")]
    [InlineData("bob", "EXAMPLE.COM", true, "case does not count in domains (RFC 5321 §2.4)")]
    [InlineData("bob", "a.sub.example.com", true, "below a domain of ours")]
    [InlineData("bob", "sub.example.com", false, "only below it was configured")]
    [InlineData("bob", "elsewhere.example", false, "not ours")]
    [InlineData("bob", "example.com.elsewhere.example", false, "ours is only the beginning")]
    [InlineData("bob", "[192.0.2.1]", false, "an address literal is not one of the accepted domains")]
    [InlineData("Postmaster", "", true, "RFC 5321 §4.5.1")]
    [InlineData("user%elsewhere.example", "example.com", false, "the percent hack (KB304897)")]
    [InlineData("elsewhere.example!user", "example.com", false, "the bang path (KB304897)")]
    [InlineData("\"user@elsewhere.example\"", "example.com", false, "an address within quotes (KB304897)")]
    [InlineData("\"elsewhere!user\"", "example.com", false, "quotes do not hide a bang")]
    [InlineData("\"quoted user\"", "example.com", true, "quotes alone are harmless")]
    public void A_stranger_reaches_our_domains_and_nothing_else(string localPart, string domain, bool isAccepted, string reason)
    {
        var refusal = Control.Judge(IPAddress.Parse("198.51.100.1"), null, new(new(localPart, domain)));
        Assert.True(refusal is null == isAccepted, reason);
        if (refusal is not null)
        {
            Assert.Equal(550, refusal.Code);
            Assert.Equal(new EnhancedStatusCode(5, 7, 1), refusal.Status);
            Assert.Contains($"Unable to relay for {localPart}@{domain}", refusal.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("example.\uff43om", "a letter of another width is another")]
    [InlineData("a.\u017fub.example.com", "a long s is no s, although its capital is S")]
    public void A_domain_that_only_looks_like_ours_is_not_ours(string domain, string reason) =>
        Assert.False(Control.IsOurs(new(new("bob", domain))), reason);

    [Fact]
    public void Who_is_not_known_may_not_relay_and_reaches_our_domains()
    {
        Assert.NotNull(Control.Judge(null, null, new(new("bob", "elsewhere.example"))));
        Assert.Null(Control.Judge(null, null, new(new("bob", "example.com"))));
        Assert.Null(Control.Judge(null, "ann", new(new("bob", "elsewhere.example"))));
    }

    [Theory]
    [InlineData("192.0.2.1", true)]
    [InlineData("192.0.2.15", true)]
    [InlineData("192.0.2.16", false)]
    [InlineData("2001:db8::1", true)]
    [InlineData("2001:db8:0:1::1", false)]
    [InlineData("127.0.0.1", false)]
    public void Only_a_relay_network_may_send_anywhere(string client, bool mayRelay)
    {
        Assert.Equal(mayRelay, Control.Judge(IPAddress.Parse(client), null, new(new("bob", "elsewhere.example"))) is null);
    }

    [Theory]
    [InlineData(true, "ann", "elsewhere.example", true, "who has authenticated may relay")]
    [InlineData(true, null, "elsewhere.example", false, "who has not may not")]
    [InlineData(false, "ann", "elsewhere.example", false, "relaying by users is switched off")]
    [InlineData(false, "ann", "example.com", true, "our own domains are for everybody")]
    public void A_user_may_relay_where_that_is_allowed(bool isAllowed, string? user, string domain, bool mayRelay, string reason)
    {
        var control = new RelayControl(new(["example.com"], [], []) { Authenticated = isAllowed });
        Assert.True(control.Judge(IPAddress.Parse("198.51.100.1"), user, new(new("bob", domain))) is null == mayRelay, reason);
    }
}
