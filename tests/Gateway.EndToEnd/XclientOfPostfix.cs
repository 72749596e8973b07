using System.Text.Json.Nodes;

namespace Gateway.EndToEnd;

/// <summary>A real Postfix and a Gateway that trust the same proxy.</summary>
public sealed class XclientServers : SharedSite
{
    private PostfixInstance? _postfix;

    internal PostfixInstance Postfix => _postfix!;

    private protected override async Task<Site> StartAsync()
    {
        var site = await Site.StartAsync([new("observe")], static configuration =>
            configuration["Relay"]!["TrustedProxies"] = new JsonArray(HaProxy.Address));
        return await Poll.ReadyAsync(site, async () => _postfix = await PostfixInstance.StartAsync(site.Temp, "xclient", $"""
            smtpd_authorized_xclient_hosts = {HaProxy.Address}
            smtpd_peername_lookup = no
            smtpd_helo_required = yes
            # Without this it takes no IPv6 address from anybody.
            inet_protocols = all
            virtual_mailbox_domains = gw.test
            virtual_transport = discard

            """));
    }

    public override async ValueTask DisposeAsync()
    {
        if (_postfix is not null)
            await _postfix.DisposeAsync();
        await base.DisposeAsync();
    }
}

/// <summary>XCLIENT is Postfix's own command: what its server says to each line, ours says, too, but where a reason stands beside it.</summary>
public sealed class XclientOfPostfix(XclientServers shared) : IClassFixture<XclientServers>
{
    [Theory]
    [InlineData("XCLIENT ADDR=192.0.2.1")]
    [InlineData("xclient addr=192.0.2.1 name=mail.example.org")]
    [InlineData("XCLIENT NAME=mail.example.org ADDR=192.0.2.1 PORT=1025 PROTO=ESMTP HELO=mail.example.org LOGIN=ann DESTADDR=192.0.2.2 DESTPORT=25")]
    [InlineData("XCLIENT NAME=[UNAVAILABLE] REVERSE_NAME=mail.example.org ADDR=192.0.2.1")]
    [InlineData("XCLIENT NAME=[TEMPUNAVAIL] ADDR=[UNAVAILABLE] PORT=[UNAVAILABLE]")]
    [InlineData("XCLIENT name=[unavailable]")]
    [InlineData("XCLIENT ADDR=IPV6:2001:db8::1")]
    [InlineData("XCLIENT LOGIN=ann+40example.org")]
    [InlineData("XCLIENT LOGIN=[UNAVAILABLE] HELO=[UNAVAILABLE]")]
    [InlineData("XCLIENT PROTO=SMTP|XCLIENT HELO=a.example|EHLO b.example")]
    [InlineData("XCLIENT ADDR=192.0.2.1|MAIL FROM:<ann@sender.test>")]
    [InlineData("MAIL FROM:<ann@sender.test>|XCLIENT ADDR=192.0.2.1")]
    [InlineData("MAIL FROM:<ann@sender.test>|XCLIENT ADDR=192.0.2.1|RSET|XCLIENT ADDR=192.0.2.1")]
    [InlineData("XCLIENT")]
    [InlineData("XCLIENT ADDR")]
    [InlineData("XCLIENT ADDR=")]
    [InlineData("XCLIENT =192.0.2.1")]
    [InlineData("XCLIENT IDENT=4711")]
    [InlineData("XCLIENT ADDR=192.0.2.256")]
    [InlineData("XCLIENT ADDR=mail.example.org")]
    [InlineData("XCLIENT ADDR=[192.0.2.1]")]
    [InlineData("XCLIENT ADDR=IPV6:192.0.2.1")]
    [InlineData("XCLIENT NAME=a..b")]
    [InlineData("XCLIENT NAME=<script>")]
    [InlineData("XCLIENT NAME=192.0.2.1")]
    [InlineData("XCLIENT NAME=-a.example")]
    [InlineData("XCLIENT REVERSE_NAME=a..b")]
    [InlineData("XCLIENT PORT=x")]
    [InlineData("XCLIENT PROTO=HTTP")]
    public async Task The_replies_are_of_the_same_class(string lines)
    {
        var (ours, theirs) = await AskBothAsync(lines, HaProxy.Address);

        Assert.Equal(theirs.Select(ClassOf), ours.Select(ClassOf));
    }

    // Nothing else looks like an IPv6 address, and not every proxy knows the tag.
    [Fact]
    public async Task An_ipv6_address_needs_no_tag_here()
    {
        var (ours, theirs) = await AskBothAsync("XCLIENT ADDR=2001:db8::1", HaProxy.Address);

        Assert.Equal((220, 501), (ours[^1].Code, theirs[^1].Code));
    }

    [Theory]
    [InlineData("XCLIENT ADDR=192.0.2.1 ADDR=192.0.2.2", "Postfix lets the last one count: which one was meant is a guess")]
    [InlineData("XCLIENT LOGIN=a+GG", "no xtext: Postfix takes it as it stands, for clients older than 2006")]
    [InlineData("XCLIENT HELO=a+0Ab", "a control character: Postfix replaces it by a question mark")]
    public async Task Where_postfix_is_lenient_we_are_not(string line, string reason)
    {
        var (ours, theirs) = await AskBothAsync(line, HaProxy.Address);

        Assert.True(ours[^1].Begins("501 5.5.4 ") && theirs[^1].Code == 220, $"{reason}: {ours[^1]}, {theirs[^1]}");
    }

    // Postfix asks anew, about the claimed client; here trust belongs to the connection, and gains or loses nothing by what is said on it.
    [Fact]
    public async Task A_proxy_may_go_on_to_speak_for_others()
    {
        var (ours, theirs) = await AskBothAsync("XCLIENT ADDR=192.0.2.1|XCLIENT ADDR=192.0.2.2", HaProxy.Address);

        Assert.Equal([220, 220], ours.Skip(1).Select(static reply => reply.Code));
        Assert.Equal([220, 550], theirs.Skip(1).Select(static reply => reply.Code));
    }

    [Theory]
    [InlineData("XCLIENT ADDR=192.0.2.1")]
    [InlineData("XCLIENT ADDR=192.0.2.1 NAME=mail.example.org")]
    public async Task Who_is_not_trusted_hears_the_same_from_both(string line)
    {
        var (ours, theirs) = await AskBothAsync(line, "127.1.0.3");

        Assert.All([ours[^1], theirs[^1]], reply => Assert.True(reply.Begins("550 5.7.0 "), reply.Text));
        Assert.All([ours[0], theirs[0]], ehlo => Assert.DoesNotContain("XCLIENT", ehlo.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Both_announce_the_same_attributes()
    {
        var (ours, theirs) = await AskBothAsync("NOOP", HaProxy.Address);

        Assert.Equal(Announced(theirs[0]), Announced(ours[0]));
    }

    private static string[] Announced(WireReply ehlo) =>
        [.. ehlo.Text.Split('\n').Select(static line => line.Trim()).Single(static line => line[4..].StartsWith("XCLIENT ", StringComparison.Ordinal))[12..].Split(' ').Order(StringComparer.Ordinal)];

    private static int ClassOf(WireReply reply) => reply.Code / 100;

    /// <summary>The replies to EHLO and to each line.</summary>
    private async Task<(List<WireReply> Ours, List<WireReply> Theirs)> AskBothAsync(string lines, string client)
    {
        var site = await shared.SiteAsync();
        return (await AskAsync(site.Gateway.Port, lines, client), await AskAsync(shared.Postfix.Port, lines, client));
    }

    private static async Task<List<WireReply>> AskAsync(int port, string lines, string client)
    {
        await using var wire = await SmtpWire.ConnectAsync(port, client);
        List<WireReply> replies = [await wire.CommandAsync("EHLO proxy.sender.test")];
        foreach (var line in lines.Split('|'))
            replies.Add(await wire.CommandAsync(line));
        return replies;
    }
}
