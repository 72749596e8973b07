using System.Text;

namespace Gateway.EndToEnd;

/// <summary>One Gateway before one smart host; nothing here disturbs them.</summary>
public sealed class OrdinarySite : SharedSite
{
    private protected override Task<Site> StartAsync() => Site.StartAsync("standard");
}

/// <summary>What the smart host says is what the client hears.</summary>
public sealed class SmartHostReplies(OrdinarySite shared) : IClassFixture<OrdinarySite>
{
    private const string Client = "127.1.0.20";
    private static readonly byte[] Content = GeneratedMail.Plain("plain", "hello\r\n").Content;

    [Fact]
    public async Task An_unknown_user_is_refused_at_RCPT_with_the_smart_hosts_own_code_and_words()
    {
        var site = await shared.SiteAsync();
        await using var wire = await site.ConnectAsync(Client);
        await wire.CommandAsync("EHLO client.sender.test");
        await wire.CommandAsync("MAIL FROM:<ann@sender.test>");

        var reply = await wire.CommandAsync("RCPT TO:<unknown-user@gw.test>");

        Assert.True(reply.Begins("550 5.1.1 "), reply.Text);
        Assert.Contains("User unknown", reply.Text, StringComparison.Ordinal);
        Assert.Equal(250, (await wire.CommandAsync("RCPT TO:<known-user@gw.test>")).Code);
    }

    [Fact]
    public async Task A_refusal_at_the_end_of_the_data_passes_through_and_nothing_arrives()
    {
        var site = await shared.SiteAsync();
        await using var wire = await site.ConnectAsync(Client);

        var reply = await wire.TrySendAsync("ann@sender.test", "refused@gw.test", (byte[])[.. "X-Reject-Me: yes\r\n"u8, .. Content]);

        Assert.True(reply.Begins("550 5.7.1 "), reply.Text);
        Assert.Contains("we do not like this header", reply.Text, StringComparison.Ordinal);

        // The same connection goes on, and what comes after arrives: so the refused one will not come any more.
        Assert.Equal(250, (await wire.TransactAsync("ann@sender.test", "after-refusal@gw.test", Content)).Code);
        await site.SmartHost.ArrivedForAsync("after-refusal@gw.test");
        Assert.DoesNotContain(site.SmartHost.Arrived, m => m.Recipient == "refused@gw.test");
    }

    // The sender hears of the unknown one while it can still send to the others.
    [Fact]
    public async Task With_an_unknown_among_the_recipients_the_others_get_the_message()
    {
        var site = await shared.SiteAsync();
        string[] recipients = ["several-1@gw.test", "unknown-2@gw.test", "several-3@gw.test"];
        await using var wire = await site.ConnectAsync(Client);
        await wire.CommandAsync("EHLO client.sender.test");
        await wire.CommandAsync("MAIL FROM:<ann@sender.test>");
        var codes = new List<int>();
        foreach (var recipient in recipients)
            codes.Add((await wire.CommandAsync($"RCPT TO:<{recipient}>")).Code);
        Assert.Equal([250, 550, 250], codes);

        Assert.Equal(354, (await wire.CommandAsync("DATA")).Code);
        await wire.SendAsync(SmtpWire.DotStuffed(Content));
        Assert.Equal(250, (await wire.ReadReplyAsync()).Code);

        await site.SmartHost.ArrivedForAsync("several-3@gw.test");
        await Poll.UntilAsync("the smart host's queue is empty", site.SmartHost.Postfix.IsQueueEmptyAsync);
        Assert.Equal(["several-1@gw.test", "several-3@gw.test"],
            site.SmartHost.Arrived.Select(m => m.Recipient).Where(recipients.Contains).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Where_recipients_are_not_asked_for_an_unknown_one_refuses_the_message_for_all()
    {
        await using var site = await Site.StartAsync([new("standard")], c => c["SmartHosts"]![0]!["VerifyRecipients"] = false);
        await using var wire = await site.ConnectAsync(Client);
        await wire.CommandAsync("EHLO client.sender.test");
        await wire.CommandAsync("MAIL FROM:<ann@sender.test>");
        Assert.Equal(250, (await wire.CommandAsync("RCPT TO:<several-1@gw.test>")).Code);
        Assert.Equal(250, (await wire.CommandAsync("RCPT TO:<unknown-2@gw.test>")).Code);
        Assert.Equal(354, (await wire.CommandAsync("DATA")).Code);
        await wire.SendAsync(SmtpWire.DotStuffed(Content));

        var reply = await wire.ReadReplyAsync();

        Assert.True(reply.Begins("550 5.1.1 "), reply.Text);
        Assert.Equal(250, (await wire.TransactAsync("ann@sender.test", "after-several@gw.test", Content)).Code);
        await site.SmartHost.ArrivedForAsync("after-several@gw.test");
        Assert.Equal(1, site.SmartHost.ArrivedCount);
    }

    // Postfix slows a connection down at ten refusals (smtpd_soft_error_limit), and counts RSET among them after a hundred. Here it hangs up
    // at ten instead: nobody needs a clock to see that they were never reached.
    [Fact]
    public async Task Hundreds_of_questions_never_bring_the_smart_host_to_slow_a_connection_down()
    {
        await using var site = await Site.StartAsync(
            [new("standard")],
            static c =>
            {
                c["Limits"]!["UnknownRecipients"] = 1000;
                // Below ten, questions and deliveries share their connections.
                c["SmartHosts"]![0]!["MaxConnections"] = 5;
            },
            smartHostLimits: "smtpd_hard_error_limit = 10\nsmtpd_junk_command_limit = 100");

        await Task.WhenAll(Enumerable.Range(0, 4).Select(wire => AskAsync(site, wire)));

        Assert.Equal(4, site.SmartHost.Arrived.Count(static mail => mail.Recipient.StartsWith("known-", StringComparison.Ordinal)));
        Assert.DoesNotContain("too many errors", site.SmartHost.Postfix.Log, StringComparison.Ordinal);

        // It does count: whoever asks it without Gateway hears of it.
        await using var direct = await SmtpWire.ConnectAsync(site.SmartHost.Port);
        await direct.CommandAsync("EHLO mx.gw.test");
        await direct.CommandAsync("MAIL FROM:<>");
        for (var i = 0; i < 9; i++)
            Assert.Equal(550, (await direct.CommandAsync($"RCPT TO:<unknown-{i}@gw.test>")).Code);
        await direct.CommandAsync("RCPT TO:<unknown-9@gw.test>");
        Assert.Equal(421, (await direct.ReadReplyAsync()).Code);
    }

    /// <summary>Fifty that exist after fifty that do not, then a message to the last one.</summary>
    private static async Task AskAsync(Site site, int wire)
    {
        await using var client = await site.ConnectAsync(Client);
        await client.CommandAsync("EHLO client.sender.test");
        foreach (var (kind, code) in new[] { ("unknown", 550), ("known", 250) })
        {
            await client.CommandAsync("MAIL FROM:<ann@sender.test>");
            for (var i = 0; i < 50; i++)
            {
                var reply = await client.CommandAsync($"RCPT TO:<{kind}-{wire}-{i}@gw.test>");
                // Where the smart host says something about the connection, an unknown one passes.
                Assert.True(reply.Code == code, $"{kind} {i}: {reply}");
            }
            await client.CommandAsync("RSET");
        }
        Assert.Equal(250, (await client.TransactAsync("ann@sender.test", $"known-{wire}-49@gw.test", Content)).Code);
        await site.SmartHost.ArrivedForAsync($"known-{wire}-49@gw.test");
    }

    [Theory]
    [InlineData("Opportunistic")]
    [InlineData("None")]
    public async Task A_smart_host_with_a_certificate_nobody_knows_is_spoken_to_as_configured(string tls)
    {
        await using var site = await Site.StartAsync([new("standard")], c => c["SmartHosts"]![0]!["Tls"] = tls, tls: true);
        await using var wire = await site.ConnectAsync(Client);

        await wire.SendMailAsync("ann@sender.test", "secret@gw.test", Content);

        var arrived = await site.SmartHost.ArrivedForAsync("secret@gw.test");
        Assert.Equal(tls == "Opportunistic", arrived.Fields("Received")[0].Contains("using TLSv1.", StringComparison.Ordinal));
        Assert.Null(arrived.DifferenceFrom(Content));
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_verified_where_it_must_be_defers_and_sends_nothing()
    {
        await using var site = await Site.StartAsync([new("standard")], c => c["SmartHosts"]![0]!["Tls"] = "Required", tls: true);
        await using var wire = await site.ConnectAsync(Client);

        var reply = await wire.TrySendAsync("ann@sender.test", "secret@gw.test", Content);

        Assert.InRange(reply.Code, 400, 499);
        Assert.Equal(0, site.SmartHost.ArrivedCount);
    }

    [Fact]
    public async Task Neither_a_bare_line_feed_nor_a_bare_carriage_return_smuggles_a_second_message()
    {
        var site = await shared.SiteAsync();
        foreach (var end in new[] { "\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r\n.\r", "\r.\r\n" })
        {
            await using var wire = await site.ConnectAsync(Client);
            await wire.CommandAsync("EHLO client.sender.test");
            await wire.CommandAsync("MAIL FROM:<ann@sender.test>");
            await wire.CommandAsync("RCPT TO:<first@gw.test>");
            await wire.CommandAsync("DATA");
            await wire.SendAsync(Encoding.ASCII.GetBytes(
                $"Subject: one\r\n\r\nbody{end}MAIL FROM:<eve@sender.test>\r\nRCPT TO:<smuggled@gw.test>\r\nDATA\r\nSubject: two\r\n\r\nevil\r\n.\r\n"));
            Assert.InRange((await wire.ReadReplyAsync()).Code, 500, 599);
        }

        await using var last = await site.ConnectAsync(Client);
        await last.SendMailAsync("ann@sender.test", "after-smuggling@gw.test", Content);
        await site.SmartHost.ArrivedForAsync("after-smuggling@gw.test");
        Assert.DoesNotContain(site.SmartHost.Arrived, m => m.Recipient is "smuggled@gw.test" or "first@gw.test");
    }
}
