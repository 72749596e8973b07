using System.Globalization;
using System.Text.Json.Nodes;

namespace Gateway.EndToEnd;

/// <summary>
/// Good mail from confirmed clients. What was sent is compared, byte for byte, with what the smart host's Postfix stored, below the
/// trace fields (see <see cref="ArrivedMail"/>).
/// </summary>
public sealed class RelayedMail
{
    private static readonly string[] Clients = [.. Enumerable.Range(1, 8).Select(i => $"127.1.0.{i}")];

    [Fact]
    public async Task Real_and_odd_messages_arrive_once_and_unchanged()
    {
        await using var site = await Site.StartAsync("standard");
        SampleMail[] mails = [.. RealMail.Load(), .. GeneratedMail.Shapes(), .. GeneratedMail.Ordinary(60)];
        Assert.True(mails.Length > 300, $"only {mails.Length} messages to send");

        await Parallel.ForEachAsync(mails.Index(), TestContext.Current.CancellationToken, async (mail, _) =>
        {
            await using var wire = await site.ConnectAsync(Clients[mail.Index % Clients.Length]);
            await wire.SendMailAsync("ann@sender.test", Recipient(mail.Index), mail.Item.Content);
        });

        await AssertArrivedAsync(site, mails);
    }

    [Fact]
    public async Task Many_messages_on_one_connection_arrive_once_and_unchanged()
    {
        await using var site = await Site.StartAsync("strict");
        SampleMail[] mails = [.. GeneratedMail.Ordinary(50)];

        await using var wire = await site.ConnectAsync(Clients[0]);
        await wire.CommandAsync($"EHLO {DnsServer.NameOf(Clients[0])}");
        foreach (var (index, mail) in mails.Index())
            Assert.Equal(250, (await wire.TransactAsync("ann@sender.test", Recipient(index), mail.Content)).Code);

        await AssertArrivedAsync(site, mails);
    }

    [Fact]
    public async Task Mail_that_a_real_Postfix_sends_arrives_once_and_unchanged()
    {
        await using var site = await Site.StartAsync("standard");
        await using var sender = await site.SenderAsync(Clients);

        // Postfix itself turns an mbox line on top into a header field, and ends the header where a line is none.
        SampleMail[] mails = [.. RealMail.Load().Concat(GeneratedMail.Shapes()).Where(BeginsWithField), .. GeneratedMail.Ordinary(40)];
        await Parallel.ForEachAsync(mails.Index(), TestContext.Current.CancellationToken, async (mail, _) =>
            await sender.SubmitAsync(Clients[mail.Index % Clients.Length], Recipient(mail.Index), mail.Item.Content));

        await AssertArrivedAsync(site, mails);
        await Poll.UntilAsync("the sender's queue is empty", sender.Postfix.IsQueueEmptyAsync);
    }

    [Fact]
    public async Task A_real_Postfix_that_insists_on_tls_is_served()
    {
        Tools.Require(Tools.Nsd, Tools.Postfix);
        using var temp = new TempFolder();
        var certificate = TestCertificate.Write(temp, "mx.gw.test");
        await using var site = await Site.StartAsync([new("standard")],
            c => c["Tls"] = new JsonObject { ["CertificateFile"] = certificate, ["KeyFile"] = certificate });
        await using var sender = await site.SenderAsync(Clients, tls: true);
        SampleMail[] mails = [.. GeneratedMail.Ordinary(20)];

        foreach (var (index, mail) in mails.Index())
            await sender.SubmitAsync(Clients[index % Clients.Length], Recipient(index), mail.Content);

        await AssertArrivedAsync(site, mails);
        Assert.All(site.SmartHost.Arrived, mail => Assert.Contains("with ESMTPS ", mail.Fields("Received")[1], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Signatures_made_before_still_verify_after_the_relay()
    {
        await using var site = await Site.StartAsync("standard");
        var dkim = new Dkim(site.Folder("dkim"));
        var shapes = GeneratedMail.Shapes().Where(m => m.Name is "dots" or "lone-dot-in-the-middle" or "many-dots" or "trailing-space"
            or "empty-body" or "no-final-newline" or "from-lines" or "long-line-1000" or "a-thousand-fields" or "long-header-field");
        var mails = await dkim.SignAsync([.. shapes, .. GeneratedMail.Ordinary(40)]);

        await Parallel.ForEachAsync(mails.Index(), TestContext.Current.CancellationToken, async (mail, _) =>
        {
            await using var wire = await site.ConnectAsync(Clients[mail.Index % Clients.Length]);
            await wire.SendMailAsync("ann@sender.test", Recipient(mail.Index), mail.Item.Content);
        });
        await AssertArrivedAsync(site, mails);

        var arrived = site.SmartHost.Arrived.Select(m => (m.Recipient, m.Bytes));
        Assert.Empty(await dkim.FailuresAsync(arrived));
    }

    [Fact]
    public async Task The_swiss_army_knife_of_smtp_is_served()
    {
        await using var site = await Site.StartAsync("standard");

        var (exitCode, output) = await Tools.RunAsync(Tools.Swaks, "--server", $"127.0.0.1:{site.Gateway.Port}", "--local-interface", "127.1.0.9",
            "--helo", DnsServer.NameOf("127.1.0.9"), "--from", "ann@sender.test", "--to", "one@gw.test,two@gw.test", "--pipeline",
            "--header", "Subject: from swaks", "--body", "hello\n.\nworld");

        Assert.True(exitCode == 0, output);
        var first = await site.SmartHost.ArrivedForAsync("one@gw.test");
        var second = await site.SmartHost.ArrivedForAsync("two@gw.test");
        Assert.Contains("\n\nhello\n.\nworld\n", first.Text, StringComparison.Ordinal);
        Assert.Equal(first.Transaction, second.Transaction);
    }

    [Fact]
    public async Task A_thousand_idle_connections_do_not_hinder_a_message()
    {
        await using var site = await Site.StartAsync("standard");
        var idle = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => site.ConnectAsync($"127.1.0.{1 + (i % 250)}")));

        await using var wire = await site.ConnectAsync("127.1.0.1");
        await wire.SendMailAsync("ann@sender.test", Recipient(0), GeneratedMail.Plain("plain", "hello\r\n").Content);

        await site.SmartHost.ArrivedForAsync(Recipient(0));
        foreach (var connection in idle)
        {
            Assert.Equal(250, (await connection.CommandAsync("NOOP")).Code);
            await connection.DisposeAsync();
        }
    }

    private static string Recipient(int index) => string.Create(CultureInfo.InvariantCulture, $"m{index:0000}@gw.test");

    private static bool BeginsWithField(SampleMail mail)
    {
        var line = mail.Content.AsSpan();
        line = line[..Math.Max(0, line.IndexOf("\r\n"u8))];
        var colon = line.IndexOf((byte)':');
        return colon > 0 && !line[..colon].Contains((byte)' ');
    }

    private static async Task AssertArrivedAsync(Site site, IReadOnlyList<SampleMail> sent)
    {
        await Poll.UntilAsync($"all {sent.Count} messages arrive", () => Task.FromResult(site.SmartHost.ArrivedCount >= sent.Count),
            () => $"{site.SmartHost.ArrivedCount} have");
        var arrived = site.SmartHost.Arrived;
        Assert.Empty(arrived.GroupBy(m => m.Recipient).Where(copies => copies.Count() > 1).Select(copies => copies.Key));
        var byRecipient = arrived.ToDictionary(m => m.Recipient);
        string[] wrong = [.. sent.Index().Select(mail => !byRecipient.TryGetValue(Recipient(mail.Index), out var copy)
            ? $"{mail.Item.Name}: did not arrive"
            : copy.DifferenceFrom(mail.Item.Content) is { } difference ? $"{mail.Item.Name}: {difference}" : null).OfType<string>()];
        Assert.True(wrong.Length == 0, $"{wrong.Length} of {sent.Count}:\n{string.Join('\n', wrong.Take(30))}");
    }
}
