namespace Gateway.EndToEnd;

/// <summary>One Gateway with a listener for each profile; nothing here disturbs it.</summary>
public sealed class RefusingSite : SharedSite
{
    internal static readonly string[] Profiles = ["observe", "ptr", "fcrdns", "standard", "strict", "aol-2006"];

    private protected override Task<Site> StartAsync() => Site.StartAsync(Profiles);
}

/// <summary>Who must be refused is, where and with which code; and real Postfix understands it.</summary>
public sealed class Refusals(RefusingSite shared) : IClassFixture<RefusingSite>
{
    private const string Confirmed = "127.1.0.5", NoPtr = "127.66.0.5", Unconfirmed = "127.77.0.5", NoHostName = "127.99.0.5", Failing = "127.88.0.5";
    private static readonly byte[] Content = GeneratedMail.Plain("plain", "hello\r\n").Content;

    [Theory]
    [InlineData("standard", NoPtr, "RCPT", "550 5.7.25 ")]
    [InlineData("standard", NoHostName, "RCPT", "550 5.7.25 ")]
    [InlineData("standard", Failing, "RCPT", "451 4.7.25 ")]
    [InlineData("ptr", NoPtr, "RCPT", "550 5.7.25 ")]
    [InlineData("ptr", Failing, "RCPT", "451 4.7.25 ")]
    [InlineData("fcrdns", NoPtr, "RCPT", "550 5.7.25 ")]
    [InlineData("fcrdns", Unconfirmed, "RCPT", "550 5.7.25 ")]
    [InlineData("fcrdns", Failing, "RCPT", "451 4.7.25 ")]
    [InlineData("strict", Unconfirmed, "RCPT", "550 5.7.25 ")]
    [InlineData("aol-2006", NoPtr, "greeting", "554")]
    [InlineData("aol-2006", Failing, "greeting", "421")]
    public async Task A_client_is_refused_where_and_as_its_profile_says(string profile, string client, string stage, string words)
    {
        var (at, reply) = await TalkAsync(profile, client, "ann@sender.test", "bob@gw.test");

        Assert.Equal(stage, at);
        Assert.True(reply.Begins(words), reply.Text);
        Assert.True(stage == "greeting" || reply.Text.Contains($"[{client}]", StringComparison.Ordinal), $"names no address: {reply}");
    }

    [Theory]
    [InlineData("observe", NoPtr)]
    [InlineData("observe", Unconfirmed)]
    [InlineData("observe", NoHostName)]
    [InlineData("observe", Failing)]
    [InlineData("observe", Confirmed)]
    [InlineData("ptr", Unconfirmed)]
    [InlineData("ptr", Confirmed)]
    [InlineData("fcrdns", Confirmed)]
    [InlineData("standard", Confirmed)]
    [InlineData("aol-2006", Confirmed)]
    [InlineData("aol-2006", Unconfirmed)]
    public async Task A_client_that_its_profile_allows_is_let_in(string profile, string client)
    {
        var (at, reply) = await TalkAsync(profile, client, "ann@sender.test", "bob@gw.test");

        Assert.True(at == "end", $"refused at {at}: {reply}");
    }

    [Theory]
    [InlineData("postmaster@gw.test")]
    [InlineData("abuse@gw.test")]
    public async Task Postmaster_hears_even_from_those_who_are_refused(string recipient)
    {
        var (at, reply) = await TalkAsync("standard", NoPtr, "ann@sender.test", recipient);

        Assert.True(at == "end", $"refused at {at}: {reply}");
    }

    [Theory]
    [InlineData("ann@no-such-domain.test", "55")]
    [InlineData("ann@nomail.test", "55")]
    [InlineData("ann@nobody.answers.invalid", "45")]
    public async Task A_sender_domain_that_takes_no_mail_is_refused_and_one_that_cannot_be_asked_deferred(string sender, string words)
    {
        var (at, reply) = await TalkAsync("standard", Confirmed, sender, "bob@gw.test");

        Assert.Contains(at, new[] { "MAIL", "RCPT" });
        Assert.True(reply.Begins(words), reply.Text);
    }

    // The tests of KB304897 and the forms that open-relay testers try beside them.
    [Theory]
    [InlineData("spamtest@sender.test", "relaytest@contoso.net")]
    [InlineData("", "relaytest@contoso.net")]
    [InlineData("spamtest@gw.test", "relaytest@contoso.net")]
    [InlineData("spamtest@[127.0.0.1]", "relaytest@contoso.net")]
    [InlineData("spamtest@sender.test", "relaytest%contoso.net@gw.test")]
    [InlineData("spamtest@sender.test", "contoso.net!relaytest@gw.test")]
    [InlineData("spamtest@sender.test", "\"relaytest@contoso.net\"@gw.test")]
    [InlineData("spamtest@sender.test", "\"relaytest%contoso.net\"@gw.test")]
    [InlineData("spamtest@sender.test", "@gw.test:relaytest@contoso.net")]
    [InlineData("spamtest@sender.test", "relaytest@contoso.net.gw.test")]
    [InlineData("spamtest@sender.test", "relaytest@xgw.test")]
    [InlineData("spamtest@sender.test", "relaytest@[127.0.0.1]")]
    public async Task Nobody_relays_to_a_foreign_domain(string sender, string recipient)
    {
        foreach (var profile in RefusingSite.Profiles)
        {
            var (at, reply) = await TalkAsync(profile, Confirmed, sender, recipient);

            Assert.Equal("RCPT", at);
            Assert.True(reply.Begins("550 5.7.1 "), $"{profile}: {reply}");
        }
    }

    [Theory]
    [InlineData("spamtest", "relaytest@contoso.net")]
    [InlineData("spamtest@sender.test", "relaytest%contoso.net")]
    [InlineData("spamtest@sender.test", "\"nobody@mail-contoso.org\"")]
    [InlineData("spamtest@sender.test", "relaytest@contoso.net@gw.test")]
    [InlineData("spamtest@sender.test", "contoso.net!relaytest")]
    public async Task What_is_no_address_is_refused_and_never_completed_to_one(string sender, string recipient)
    {
        var (at, reply) = await TalkAsync("standard", Confirmed, sender, recipient);

        Assert.Contains(at, new[] { "MAIL", "RCPT" });
        Assert.InRange(reply.Code, 500, 559);
    }

    [Theory]
    [InlineData("standard", NoPtr, "ann@gw.test", "bounced", "550 5.7.25 ")]
    [InlineData("fcrdns", Unconfirmed, "ann@gw.test", "bounced", "550 5.7.25 ")]
    [InlineData("standard", Failing, "ann@gw.test", "deferred", "451 4.7.25 ")]
    [InlineData("standard", Confirmed, "ann@contoso.net", "bounced", "550 5.7.1 ")]
    [InlineData("aol-2006", NoPtr, "ann@gw.test", "deferred", "554")]
    [InlineData("aol-2006", Failing, "ann@gw.test", "deferred", "421")]
    [InlineData("standard", Confirmed, "ann@gw.test", "sent", "250 2.")]
    public async Task A_real_Postfix_understands(string profile, string client, string recipient, string status, string words)
    {
        var site = await shared.SiteAsync();
        await using var sender = await site.SenderAsync([client], PortOf(site, profile));

        await sender.SubmitAsync(client, recipient, Content);

        var fate = await sender.Postfix.FateOfAsync(recipient);
        Assert.Equal(status, fate.Status);
        Assert.Contains(words, fate.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_name_server_is_dead_everybody_is_deferred_and_nobody_rejected()
    {
        await using var site = await Site.StartAsync([.. RefusingSite.Profiles.Select(p => new Listener(p))], configuration =>
        {
            configuration["Dns"]!["Servers"]![0] = $"127.0.0.1:{FreePort.Next()}";
            configuration["Dns"]!["Deadline"] = "00:00:02";
        });
        foreach (var (port, profile) in site.Gateway.Ports.Zip(RefusingSite.Profiles))
        {
            await using var wire = await SmtpWire.ConnectAsync(port, Confirmed);
            var (at, reply) = await TalkAsync(wire, "ann@sender.test", "bob@gw.test");
            Assert.True(at == "end" || reply.Code is >= 400 and < 500, $"{profile}: {at} {reply}");
            Assert.True(profile is "observe" == (at == "end"), $"{profile}: {at} {reply}");
        }
    }

    private static int PortOf(Site site, string profile) => site.Gateway.Ports[Array.IndexOf(RefusingSite.Profiles, profile)];

    private async Task<(string At, WireReply Reply)> TalkAsync(string profile, string client, string sender, string recipient)
    {
        var site = await shared.SiteAsync();
        await using var wire = await SmtpWire.ConnectAsync(PortOf(site, profile), client);
        return await TalkAsync(wire, sender, recipient);
    }

    /// <summary>A session up to DATA: where the first negative reply came, and what it was.</summary>
    private static async Task<(string At, WireReply Reply)> TalkAsync(SmtpWire wire, string sender, string recipient)
    {
        if (wire.Greeting.Code != 220)
            return ("greeting", wire.Greeting);
        var reply = wire.Greeting;
        foreach (var (stage, line) in new[] { ("EHLO", "EHLO client.sender.test"), ("MAIL", $"MAIL FROM:<{sender}>"), ("RCPT", $"RCPT TO:<{recipient}>") })
        {
            reply = await wire.CommandAsync(line);
            if (reply.Code != 250)
                return (stage, reply);
        }

        return ("end", reply);
    }
}
