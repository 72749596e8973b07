using System.Net;
using System.Text;
using Gateway.Dns;
using Gateway.Policy.Facts;
using Gateway.Policy.Profiles;
using Gateway.Server.Inbound;
using Gateway.Smtp;

namespace Gateway.Server.Tests.Inbound;

public sealed class TraceFieldsTests
{
    private static readonly DateTimeOffset Time = new(2026, 11, 2, 3, 4, 5, TimeSpan.FromHours(-3.5));

    private static ClientFacts Facts(string address, IprevStatus status, params PtrName[] names) =>
        new(IPAddress.Parse(address), status, names, "", [], TimeSpan.Zero);

    private static TraceFields Trace(ClientFacts? facts, string helo = "client.example", ForwardPath? recipient = null, string? tls = null) => new(
        "mx.example.com", facts?.Address ?? IPAddress.Loopback, facts, helo, tls is null ? "ESMTP" : "ESMTPS", tls, "0ABC.1", recipient, Time);

    private static string Text(TraceFields trace) => Encoding.UTF8.GetString(trace.Encode());

    [Fact]
    public void A_confirmed_name_stands_in_received_and_in_the_result()
    {
        var name = DomainName.Parse("mail.example.org");
        var trace = Trace(Facts("192.0.2.1", IprevStatus.Pass, new PtrName(name, null, IsConfirmed: true)), recipient: new(new("bob", "example.com")));
        Assert.Equal(
            "Authentication-Results: mx.example.com;\r\n\tiprev=pass policy.iprev=192.0.2.1 (mail.example.org)\r\n"
            + "Received: from client.example (mail.example.org [192.0.2.1])\r\n\tby mx.example.com with ESMTP id 0ABC.1\r\n"
            + "\tfor <bob@example.com>;\r\n\tMon, 02 Nov 2026 03:04:05 -0330\r\n",
            Text(trace));
    }

    [Fact]
    public void An_unconfirmed_name_is_never_written()
    {
        var liar = new PtrName(DomainName.Parse("mail.bank.example"), null, IsConfirmed: false);
        var text = Text(Trace(Facts("192.0.2.1", IprevStatus.Fail, liar)));
        Assert.Contains("(unknown [192.0.2.1])", text, StringComparison.Ordinal);
        Assert.Contains("iprev=fail", text, StringComparison.Ordinal);
        Assert.DoesNotContain("bank", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_asked_is_no_result()
    {
        Assert.StartsWith("Authentication-Results: mx.example.com;\r\n\tnone\r\nReceived: from client.example (unknown [127.0.0.1])", Text(Trace(null)), StringComparison.Ordinal);
    }

    [Fact]
    public void An_ipv6_client_stands_as_an_address_literal()
    {
        Assert.Contains("(unknown [IPv6:2001:db8::1])", Text(Trace(Facts("2001:db8::1", IprevStatus.PermError))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a)b(c", "a?b?c", "a comment cannot be left")]
    [InlineData("a;b\"c\\", "a?b?c?", "nothing that has a meaning in a header")]
    [InlineData("[127.0.0.1]", "[127.0.0.1]", "an address literal stays")]
    public void A_hostile_helo_is_harmless(string helo, string expected, string reason) =>
        Assert.True(Text(Trace(null, helo)).Contains($"from {expected} (unknown", StringComparison.Ordinal), reason);

    [Theory]
    [InlineData("mail.source.com", "mail.source.com", "([209.54.61.76])", "the same name")]
    [InlineData("MAIL.source.com.", "mail.source.com", "([209.54.61.76])", "names have no case, and may end in a dot")]
    [InlineData("source.com", "mail.source.com", "([209.54.61.76])", "HELO may name the domain")]
    [InlineData("mail.source.com", "customer.isp.example", "([209.54.61.76] unverified)", "another name")]
    [InlineData("mail.source.com", "source.com", "([209.54.61.76] unverified)", "the name of its domain is another one")]
    [InlineData("com", "mail.source.com", "([209.54.61.76] unverified)", "a single label is no domain of a host")]
    [InlineData("localhost", "localhost", "([209.54.61.76])", "but it may be a host's name")]
    [InlineData("[209.54.61.76]", "mail.source.com", "([209.54.61.76])", "an address literal names the host too")]
    [InlineData("[10.10.10.1]", "mail.source.com", "([209.54.61.76] unverified)", "the inner side of a firewall")]
    [InlineData("a b", "mail.source.com", "([209.54.61.76] unverified)", "no name")]
    [InlineData("mail.source.com", null, "([209.54.61.76] RDNS failed)", "no PTR record")]
    public void The_style_of_Exchange_2003_compares_HELO_with_the_PTR_name(string helo, string? ptr, string expected, string why)
    {
        // Whether a name leads back is not asked: none of these does.
        PtrName[] names = ptr is null ? [] : [new(DomainName.Parse(ptr), null, IsConfirmed: false)];
        var text = Text(Trace(Facts("209.54.61.76", ptr is null ? IprevStatus.PermError : IprevStatus.Fail, names), helo) with { Style = ReceivedStyle.Exchange2003 });
        Assert.True(text.Contains($" {expected}\r\n\tby mx.example.com", StringComparison.Ordinal), $"{why}: {text}");
        Assert.Equal(!helo.Contains("source", StringComparison.Ordinal), !text.Contains("source", StringComparison.Ordinal));
    }

    [Fact]
    public void The_style_of_Exchange_2003_says_nothing_of_a_client_that_was_not_looked_up()
    {
        Assert.Contains("from client.example ([127.0.0.1])\r\n", Text(Trace(null) with { Style = ReceivedStyle.Exchange2003 }), StringComparison.Ordinal);
        var failed = Facts("2001:db8::1", IprevStatus.TempError);
        Assert.Contains("([IPv6:2001:db8::1] RDNS failed)\r\n", Text(Trace(failed) with { Style = ReceivedStyle.Exchange2003 }), StringComparison.Ordinal);
    }

    [Fact]
    public void Tls_is_told()
    {
        Assert.Contains(" with ESMTPS id 0ABC.1\r\n\t(Tls13 TLS_AES_256_GCM_SHA384);\r\n", Text(Trace(null, tls: "Tls13 TLS_AES_256_GCM_SHA384")), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_line_is_short_and_ends_in_crlf()
    {
        var long255 = string.Join('.', Enumerable.Repeat(new string('a', 60), 4));
        var text = Text(Trace(Facts("192.0.2.1", IprevStatus.Pass, new PtrName(DomainName.Parse(long255), null, true)), long255));
        Assert.All(text.Split("\r\n"), line => Assert.True(line.Length <= 998, $"RFC 5322 §2.1.1: {line}"));
        Assert.DoesNotContain(text.Replace("\r\n", "", StringComparison.Ordinal), letter => letter is '\r' or '\n');
    }
}
