using System.Net;

namespace Gateway.Dns.Tests;

public sealed class ReverseNameTests
{
    [Theory]
    [InlineData("192.0.2.25", "25.2.0.192.in-addr.arpa", "RFC 1035 §3.5")]
    [InlineData("255.255.255.255", "255.255.255.255.in-addr.arpa", "three digits each")]
    [InlineData("0.0.0.0", "0.0.0.0.in-addr.arpa", "one digit each")]
    [InlineData("::ffff:192.0.2.25", "25.2.0.192.in-addr.arpa", "a mapped address is the address that it maps")]
    [InlineData(
        "4321:0:1:2:3:4:567:89ab", "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa", "RFC 3596 §2.5, its own example")]
    [InlineData("fe80::1%1", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.e.f.ip6.arpa", "the scope has no place in it")]
    public void An_address_has_its_name_in_the_reverse_tree(string address, string expected, string reason)
    {
        var name = ReverseName.Of(IPAddress.Parse(address));

        Assert.True(name == DomainName.Parse(expected), $"{reason}: {name}");
        Assert.True(ReverseName.Contains(name), reason);
    }

    [Fact]
    public void A_list_of_addresses_has_the_same_labels_below_its_own_name() =>
        Assert.Equal("2.0.0.127.list.example", ReverseName.Below(DomainName.Parse("list.example"), IPAddress.Parse("127.0.0.2"))!.ToString());

    [Fact]
    public void A_name_that_becomes_too_long_is_none()
    {
        var zone = DomainName.Parse(string.Join('.', Enumerable.Repeat(new string('z', 63), 3)));

        Assert.NotNull(ReverseName.Below(zone, IPAddress.Loopback));
        Assert.Null(ReverseName.Below(zone, IPAddress.IPv6Loopback));
    }

    [Theory]
    [InlineData("25.2.0.192.IN-ADDR.arpa", true)]
    [InlineData("in-addr.arpa", true)]
    [InlineData("mail.example.com", false)]
    [InlineData("in-addr.arpa.example", false)]
    public void The_reverse_trees_hold_no_hosts(string name, bool expected) =>
        Assert.Equal(expected, ReverseName.Contains(DomainName.Parse(name)));
}
