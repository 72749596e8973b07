using System.Text;

namespace Gateway.Smtp.Tests.Server;

/// <summary>How octets in and replies out are cut (RFC 2920).</summary>
public class PipeliningTests
{
    [Fact]
    public async Task Pipelined_commands_are_answered_in_one_write()
    {
        await using var driver = await new SessionDriver().ReadyAsync();
        var before = driver.Flushes.Count;
        await driver.SendAsync("MAIL FROM:<a@b>\r\nRCPT TO:<b@c>\r\nRCPT TO:<c@c>\r\nDATA\r\n");
        Assert.Equal(before + 1, driver.Flushes.Count);
        await driver.SendAsync("text\r\n.\r\nMAIL FROM:<a@b>\r\nRCPT TO:<b@c>\r\nQUIT\r\n");
        Assert.Equal(before + 2, driver.Flushes.Count);
        Assert.Equal(SessionEnd.Quit, await driver.End);
    }

    [Fact]
    public async Task A_handler_that_takes_its_time_does_not_split_the_write()
    {
        var slow = new TaskCompletionSource<Reply>();
        await using var driver = await new SessionDriver(new FakeHandler { OnRecipient = _ => new(slow.Task) }).ReadyAsync();
        var before = driver.Flushes.Count;
        driver.Received();
        Assert.Equal("", await driver.AskAsync("MAIL FROM:<a@b>\r\nRCPT TO:<b@c>\r\n"));
        slow.SetResult(FakeHandler.Ok);
        Assert.Equal("250 2.1.0 sender OK\r\n250 2.0.0 OK\r\n", driver.Received());
        Assert.Equal(before + 1, driver.Flushes.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Any_cut_of_the_stream_gives_the_same_replies(int size)
    {
        string[] conversations =
        [
            SessionDriver.ToRecipient + "DATA\r\n..a\r\n.\r\nMAIL FROM:<>\r\nRCPT TO:<b@c>\r\nBDAT 5\r\n.\r\n.\rBDAT 1 LAST\r\n\nQUIT\r\n",
            SessionDriver.ToRecipient + "DATA\r\na\n.\r\nQUIT\r\n.\r\nQUIT\r\n",
            $"EHLO {new string('x', 5000)}\r\nNOOP\nNOOP\0\r\nGARBAGE\r\nRSET\r\n" + SessionDriver.ToRecipient + "BDAT x\r\nQUIT\r\n",
            "BDAT 10 LAST\r\n0123456789QUIT\r\n",
            "EHLO x\r\nMAIL FROM:<b\u00f6b@c> SMTPUTF8\r\nMAIL FROM:<a@b>\r\nDATA\r\n.\r\nHELP\r\n",
        ];
        foreach (var conversation in conversations)
        {
            var whole = new FakeHandler();
            var pieces = new FakeHandler();
            Assert.Equal(
                await SessionDriver.PlayAsync(conversation, handler: whole),
                await SessionDriver.PlayAsync(conversation, size, pieces));
            Assert.Equal(whole.Answers, pieces.Answers);
            Assert.Equal(whole.Messages.Select(message => message.Text), pieces.Messages.Select(message => message.Text));
        }
    }

    [Fact]
    public async Task Replies_without_end_are_flushed_on_the_way()
    {
        var noops = new StringBuilder().Insert(0, "NOOP\r\n", 10_000).ToString();
        await using var driver = await new SessionDriver(new FakeHandler { IsOwnClient = true }).ReadyAsync();
        var before = driver.Flushes.Count;
        await driver.SendAsync(noops + "QUIT\r\n");
        await driver.End;
        Assert.InRange(driver.Flushes.Count - before, 5, 20);
    }

    [Fact]
    public async Task A_client_whose_input_never_runs_dry_gives_way_to_the_others()
    {
        await using var driver = new SessionDriver(new FakeHandler { IsOwnClient = true });
        var yields = YieldsAt(driver, new StringBuilder().Insert(0, "NOOP\r\n", 1000).ToString());

        Assert.InRange(yields, 9, 10);
        Assert.EndsWith("250 2.0.0 OK\r\n", driver.Received(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ordinary_transaction_is_served_in_one_go()
    {
        var recipients = new StringBuilder().Insert(0, "RCPT TO:<bob@gateway.test>\r\n", 90);
        await using var driver = new SessionDriver();
        var yields = YieldsAt(driver, $"MAIL FROM:<ann@example.org>\r\n{recipients}DATA\r\n");

        Assert.Equal(0, yields);
        Assert.EndsWith("<CRLF>.<CRLF>\r\n", driver.Received(), StringComparison.Ordinal);
    }

    private static int YieldsAt(SessionDriver driver, string octets)
    {
        var turns = new Turns();
        turns.Run(() => driver.Start());
        turns.Run(() => _ = driver.SendAsync("EHLO client.example\r\n"));
        var before = turns.Count;
        turns.Run(() => _ = driver.SendAsync(octets));
        return turns.Count - before;
    }
}
