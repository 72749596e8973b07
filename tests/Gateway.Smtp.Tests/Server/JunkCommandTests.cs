using System.Text;

namespace Gateway.Smtp.Tests.Server;

/// <summary>Commands that move no mail: how many of them a session may have.</summary>
public class JunkCommandTests
{
    private const int Most = 5;
    private const string LastWords = "421 4.7.0 too many commands that send no mail; closing\r\n";
    private const string Ask = "MAIL FROM:<ann@example.org>\r\nRCPT TO:<nobody@gateway.test>\r\n";
    private const string Message = "MAIL FROM:<ann@example.org>\r\nRCPT TO:<bob@gateway.test>\r\nDATA\r\nx\r\n.\r\n";

    private static readonly SmtpServerOptions Options = SessionDriver.Options with { MaxJunkCommands = Most };

    [Theory]
    [InlineData("NOOP\r\n", "nothing is asked")]
    [InlineData("RSET\r\n", "nothing is there to forget")]
    [InlineData("EHLO client.example\r\n", "the name is known")]
    [InlineData("HELO client.example\r\n", "the name is known")]
    [InlineData("VRFY bob\r\n", "nothing is told")]
    [InlineData("HELP\r\n", "help was given")]
    [InlineData("MAIL FROM:<refused@example.org>\r\n", "the sender is refused")]
    [InlineData("MAIL FROM:<ann@example.org> SIZE=99999999999\r\n", "the message is too large")]
    public async Task A_command_that_moves_no_mail_is_said_so_often_and_then_ends_the_session(string command, string why)
    {
        // EHLO, with which the session begins, is one of them.
        await using var driver = await new SessionDriver(Handler(), Options).ReadyAsync();
        driver.Received();
        for (var i = 1; i < Most; i++)
            Assert.False((await driver.AskAsync(command)).StartsWith("421", StringComparison.Ordinal), why);

        Assert.True(LastWords == await driver.AskAsync(command), why);
        Assert.Equal(SessionEnd.TooManyJunkCommands, await driver.End);
    }

    [Fact]
    public async Task Refused_recipients_end_the_session_however_many_are_asked_for()
    {
        var recipients = new StringBuilder().Insert(0, "RCPT TO:<nobody@gateway.test>\r\n", 1100);

        var (received, end) = await SessionDriver.PlayAsync(
            $"EHLO client.example\r\nMAIL FROM:<ann@example.org>\r\n{recipients}", handler: Handler(), options: SessionDriver.Options);

        Assert.Equal(SessionEnd.TooManyJunkCommands, end);
        Assert.EndsWith(LastWords, received, StringComparison.Ordinal);
        // The default, one of which EHLO took.
        Assert.Equal(119, received.Split("550 5.1.1").Length - 1);
    }

    [Fact]
    public async Task Refused_messages_end_the_session_at_the_next_transaction_and_each_hears_its_own_verdict()
    {
        var handler = new FakeHandler { OnMessage = static _ => new(new Reply(554, 6, 0, "no such message")) };
        await using var driver = await new SessionDriver(handler, Options).ReadyAsync();
        driver.Received();
        // EHLO took one.
        for (var i = 1; i <= Most; i++)
        {
            await driver.AskAsync("MAIL FROM:<ann@example.org>\r\nRCPT TO:<bob@gateway.test>\r\nDATA\r\n");
            Assert.Equal("554 5.6.0 no such message\r\n", await driver.AskAsync("x\r\n.\r\n"));
        }

        Assert.Equal(LastWords, await driver.AskAsync("MAIL FROM:<ann@example.org>\r\n"));
        Assert.Equal(SessionEnd.TooManyJunkCommands, await driver.End);
    }

    [Fact]
    public async Task Chunks_of_nothing_end_the_session()
    {
        var (received, end) = await SessionDriver.PlayAsync(
            SessionDriver.ToRecipient + string.Concat(Enumerable.Repeat("BDAT 0\r\n", 100)), options: Options);

        Assert.Equal(SessionEnd.TooManyJunkCommands, end);
        Assert.EndsWith(LastWords, received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refused_messages_are_told_their_verdict_and_then_the_next_such_command_ends_the_session()
    {
        var handler = new FakeHandler { OnMessage = static _ => new(new Reply(554, 7, 1, "not this")) };
        await using var driver = await new SessionDriver(handler, Options).ReadyAsync();
        for (var i = 0; i < Most; i++)
            Assert.EndsWith("554 5.7.1 not this\r\n", await driver.AskAsync(Message), StringComparison.Ordinal);

        Assert.Equal(LastWords, await driver.AskAsync("NOOP\r\n"));
    }

    [Fact]
    public async Task A_message_that_is_taken_begins_the_count_anew()
    {
        await using var driver = await new SessionDriver(Handler(), Options).ReadyAsync();
        for (var i = 0; i < 10; i++)
        {
            await driver.AskAsync(string.Concat(Enumerable.Repeat("NOOP\r\n", Most - 1)) + Message);
            Assert.EndsWith("250 2.0.0 OK\r\n", await driver.AskAsync("NOOP\r\n"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_own_client_may_say_what_it_likes()
    {
        var handler = Handler();
        handler.IsOwnClient = true;

        var (_, end) = await SessionDriver.PlayAsync(
            "EHLO client.example\r\n" + string.Concat(Enumerable.Repeat("NOOP\r\nRSET\r\n" + Ask, 100)) + "QUIT\r\n", handler: handler, options: Options);

        Assert.Equal(SessionEnd.Quit, end);
    }

    [Fact]
    public async Task Whoever_a_proxy_names_does_not_answer_for_the_client_before()
    {
        var handler = new FakeHandler { MayXclient = true };
        await using var driver = await new SessionDriver(handler, Options).ReadyAsync();
        await driver.AskAsync(string.Concat(Enumerable.Repeat("NOOP\r\n", Most - 1)));

        await driver.AskAsync("XCLIENT ADDR=192.0.2.1\r\n");

        Assert.Equal("250 2.0.0 OK\r\n", await driver.AskAsync("NOOP\r\n"));
    }

    // RFC 5321 §4.5.3.1.10: the client may have sent them all before it hears of the limit.
    [Fact]
    public async Task Recipients_beyond_the_limit_do_not_cost_those_within_it_their_message()
    {
        var options = Options with { MaxRecipients = 100 };
        var recipients = new StringBuilder().Insert(0, "RCPT TO:<bob@gateway.test>\r\n", 200);
        var handler = Handler();

        await SessionDriver.PlayAsync(
            $"EHLO client.example\r\nMAIL FROM:<ann@example.org>\r\n{recipients}DATA\r\nx\r\n.\r\nQUIT\r\n", handler: handler, options: options);

        Assert.Equal(100, Assert.Single(handler.Messages).Envelope.Recipients.Count);
    }

    [Fact]
    public async Task Recipients_far_beyond_the_limit_end_the_session()
    {
        var options = Options with { MaxRecipients = 100 };
        var recipients = new StringBuilder().Insert(0, "RCPT TO:<bob@gateway.test>\r\n", 300);

        var (_, end) = await SessionDriver.PlayAsync($"EHLO client.example\r\nMAIL FROM:<ann@example.org>\r\n{recipients}", options: options);

        Assert.Equal(SessionEnd.TooManyJunkCommands, end);
    }

    private static FakeHandler Handler() => new()
    {
        OnMail = static sender => sender.ToString().Contains("refused", StringComparison.Ordinal) ? new(550, 7, 1, "no") : new(250, 1, 0, "sender OK"),
        OnRecipient = static recipient => new(recipient.ToString().Contains("nobody", StringComparison.Ordinal) ? new Reply(550, 1, 1, "nobody") : new Reply(250, 1, 5, "recipient OK")),
    };
}
