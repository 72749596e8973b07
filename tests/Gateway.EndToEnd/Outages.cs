using System.Globalization;

namespace Gateway.EndToEnd;

/// <summary>Servers stop, crash and come back: a message is at the sender or at the smart host, never nowhere.</summary>
public sealed class Outages
{
    private static readonly string[] Clients = ["127.1.0.1", "127.1.0.2", "127.1.0.3"];
    private static readonly byte[] Content = GeneratedMail.Plain("plain", new string('x', 60) + "\r\n").Content;

    [Fact]
    public async Task While_the_smart_host_is_down_mail_waits_at_the_sender_and_then_arrives_once()
    {
        await using var site = await Site.StartAsync("standard");
        await using var sender = await site.SenderAsync(Clients);
        await SubmitAsync(sender, 0, 20);
        await Poll.UntilAsync("the first messages arrive", () => site.SmartHost.ArrivedCount == 20);
        await Poll.UntilAsync("the sender's queue is empty", sender.Postfix.IsQueueEmptyAsync);

        // No message is under way, but Gateway may hold open connections to the server that goes away.
        await site.SmartHost.Postfix.AbortAsync();
        await using (var wire = await site.ConnectAsync(Clients[0]))
        {
            var reply = await wire.TrySendAsync("ann@sender.test", "direct@gw.test", Content);
            Assert.True(reply.Begins("451 4.4.1 "), reply.Text);
            // Whether it exists nobody can say now: so it is not refused for good.
            reply = await wire.TransactAsync("ann@sender.test", "unknown-user@gw.test", Content);
            Assert.True(reply.Begins("451 4.4.1 "), reply.Text);
        }

        await SubmitAsync(sender, 20, 40);
        var fate = await sender.Postfix.FateOfAsync(Recipient(30));
        Assert.Equal("deferred", fate.Status);
        Assert.Contains("451 4.4.1 ", fate.Text, StringComparison.Ordinal);

        await site.SmartHost.Postfix.StartAsync();
        await DrainAsync(sender);
        await AssertNothingLostAsync(site, 40);
        Assert.Equal(40, site.SmartHost.ArrivedCount);
    }

    [Fact]
    public Task A_smart_host_that_dies_in_the_middle_of_messages_loses_none() => InterruptAsync(static async site =>
    {
        await site.SmartHost.Postfix.AbortAsync();
        await site.SmartHost.Postfix.StartAsync();
    });

    [Fact]
    public Task A_Gateway_that_is_killed_in_the_middle_of_messages_loses_none() => InterruptAsync(static async site =>
    {
        await site.Gateway.KillAsync();
        await site.Gateway.RestartAsync();
    });

    private static async Task InterruptAsync(Func<Site, Task> failAsync)
    {
        await using var site = await Site.StartAsync("standard");
        await using var sender = await site.SenderAsync(Clients);
        var stream = SubmitAsync(sender, 0, 150);
        foreach (var arrived in new[] { 10, 50, 90 })
        {
            await Poll.UntilAsync($"{arrived} messages arrive", () => site.SmartHost.ArrivedCount >= arrived);
            await failAsync(site);
            await sender.Postfix.FlushAsync();
        }

        await stream;
        await DrainAsync(sender);
        await AssertNothingLostAsync(site, 150);
        AssertDoubledOnlyWithoutAnswer(site, sender);
    }

    [Fact]
    public async Task A_stopping_Gateway_finishes_the_message_in_flight_and_dismisses_the_idle()
    {
        await using var site = await Site.StartAsync("standard");
        await using var idle = await site.ConnectAsync(Clients[0]);
        Assert.Equal(250, (await idle.CommandAsync("EHLO client.sender.test")).Code);
        await using var busy = await site.ConnectAsync(Clients[1]);
        foreach (var line in new[] { "EHLO client.sender.test", "MAIL FROM:<ann@sender.test>", "RCPT TO:<last@gw.test>" })
            Assert.Equal(250, (await busy.CommandAsync(line)).Code);
        Assert.Equal(354, (await busy.CommandAsync("DATA")).Code);
        var wire = SmtpWire.DotStuffed(Content);
        await busy.SendAsync(wire.AsMemory(0, wire.Length / 2));

        site.Gateway.Terminate();
        Assert.Equal(421, (await idle.ReadReplyAsync()).Code);
        Assert.True(await idle.IsClosedByServerAsync());
        await busy.SendAsync(wire.AsMemory(wire.Length / 2));

        Assert.Equal(250, (await busy.ReadReplyAsync()).Code);
        Assert.Null((await site.SmartHost.ArrivedForAsync("last@gw.test")).DifferenceFrom(Content));
        Assert.Equal(0, await site.Gateway.ExitCodeAsync());
    }

    private static string Recipient(int index) => string.Create(CultureInfo.InvariantCulture, $"m{index:0000}@gw.test");

    private static Task SubmitAsync(OutboundPostfix sender, int from, int to) =>
        Parallel.ForEachAsync(Enumerable.Range(from, to - from), TestContext.Current.CancellationToken, async (index, _) =>
            await sender.SubmitAsync(Clients[index % Clients.Length], Recipient(index), Content));

    private static Task DrainAsync(OutboundPostfix sender) => Poll.UntilAsync("the sender's queue is empty", async () =>
    {
        await sender.Postfix.FlushAsync();
        return await sender.Postfix.IsQueueEmptyAsync();
    }, () => sender.Postfix.EndOfLog);

    // The smart host has a queue of its own: what it took, it delivers in its own time.
    private static async Task AssertNothingLostAsync(Site site, int count)
    {
        await Poll.UntilAsync("the smart host's queue is empty", site.SmartHost.Postfix.IsQueueEmptyAsync);
        var arrived = site.SmartHost.Arrived.Select(m => m.Recipient).ToHashSet();
        Assert.Subset(arrived, Enumerable.Range(0, count).Select(Recipient).ToHashSet());
    }

    // A crash between the smart host's answer and ours makes a second copy (RFC 1047): then, and only then, the sender's log
    // has an attempt without a positive answer. One message that Postfix itself delivers twice has one transaction.
    private static void AssertDoubledOnlyWithoutAnswer(Site site, OutboundPostfix sender)
    {
        var unanswered = sender.Postfix.DeferredRecipients;
        var doubled = site.SmartHost.Arrived.DistinctBy(m => m.Transaction).GroupBy(m => m.Recipient).Where(copies => copies.Count() > 1);
        Assert.Subset(unanswered, doubled.Select(copies => copies.Key).ToHashSet());
    }
}
