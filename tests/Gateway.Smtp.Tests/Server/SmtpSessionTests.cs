namespace Gateway.Smtp.Tests.Server;

public class SmtpSessionTests
{
    [Fact]
    public async Task A_message_is_taken_and_its_fate_is_the_reply()
    {
        var handler = new FakeHandler { OnMessage = static _ => new(new Reply(250, 6, 0, "delivered")) };
        var (received, end) = await SessionDriver.PlayAsync(
            SessionDriver.ToRecipient + "DATA\r\nSubject: x\r\n\r\n..stuffed\r\n.\r\nQUIT\r\n", handler: handler);
        Assert.Equal(SessionEnd.Quit, end);
        Assert.Equal(
            SessionDriver.Greeting
            + "250-mx.gateway.test\r\n250-PIPELINING\r\n250-SIZE 52428800\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n"
            + "250-ENHANCEDSTATUSCODES\r\n250 CHUNKING\r\n"
            + "250 2.1.0 sender OK\r\n250 2.1.5 recipient OK\r\n354 end the message with <CRLF>.<CRLF>\r\n"
            + "250 2.6.0 delivered\r\n221 2.0.0 mx.gateway.test closing connection\r\n", received);
        var (envelope, text) = Assert.Single(handler.Messages);
        Assert.Equal("Subject: x\r\n\r\n.stuffed\r\n", text);
        Assert.Equal("<ann@example.org>", envelope.Sender.ToString());
        Assert.Equal("<bob@gateway.test>", Assert.Single(envelope.Recipients).ToString());
        Assert.Equal(1, handler.Resets);
        Assert.Equal(7, handler.Answers.Count);
    }

    [Theory]
    [InlineData("HELO client.example\r\n", "250 mx.gateway.test\r\n", "no extensions to HELO")]
    [InlineData("EHLO\r\n", "501 expected", "no enhanced status to EHLO (RFC 2034 §4)")]
    [InlineData("MAIL FROM:<a@b>\r\n", "503 5.5.1 send HELO", "RFC 5321 §4.1.4")]
    [InlineData("NOOP\r\n", "250 2.0.0", "at any time")]
    [InlineData("NOOP with words\r\n", "250 2.0.0", "RFC 5321 §4.1.1.9")]
    [InlineData("RSET\r\n", "250 2.0.0", "at any time")]
    [InlineData("VRFY bob\r\n", "252 2.0.0", "nothing is told")]
    [InlineData("VRFY\r\n", "501 5.5.4", "whom?")]
    [InlineData("EXPN list\r\n", "502 5.5.1", "not implemented")]
    [InlineData("HELP\r\n", "214-2.0.0", "helps")]
    [InlineData("FOO\r\n", "500 5.5.1", "unknown")]
    [InlineData("\r\n", "500 5.5.1", "an empty line")]
    [InlineData("QUIT\n", "500 5.5.2", "a bare LF")]
    [InlineData("QUIT now\r\n", "501 5.5.4", "RFC 5321 §4.1.1.10")]
    [InlineData("STARTTLS\r\n", "503 5.5.1 send HELO", "EHLO comes first")]
    public async Task Before_helo(string line, string reply, string why)
    {
        await using var driver = new SessionDriver().Start();
        driver.Received();
        Assert.True((await driver.AskAsync(line)).StartsWith(reply, StringComparison.Ordinal), why);
    }

    [Theory]
    [InlineData("RCPT TO:<bob@gateway.test>\r\n", "503 5.5.1 send MAIL")]
    [InlineData("DATA\r\n", "503 5.5.1 send MAIL")]
    [InlineData("STARTTLS\r\n", "502 5.5.1")]
    [InlineData("MAIL FROM:<a@b> SIZE=52428801\r\n", "552 5.3.4")]
    [InlineData("MAIL FROM:<a@b>\r\nMAIL FROM:<a@b>\r\n", "250 2.1.0 sender OK\r\n503 5.5.1 a transaction")]
    [InlineData("MAIL FROM:<a@b>\r\nDATA\r\n", "250 2.1.0 sender OK\r\n503 5.5.1 send RCPT")]
    [InlineData("MAIL FROM:<a@b>\r\nRCPT TO:<nobody>\r\nDATA\r\n", "250 2.1.0 sender OK\r\n501 5.1.3")]
    [InlineData("MAIL FROM:<a@b>\r\nRSET\r\nRCPT TO:<b@c>\r\n", "250 2.1.0 sender OK\r\n250 2.0.0 OK\r\n503 5.5.1")]
    [InlineData("MAIL FROM:<a@b>\r\nEHLO x\r\nRCPT TO:<b@c>\r\n", "250 2.1.0 sender OK\r\n250-mx")]
    public async Task After_helo(string lines, string replies)
    {
        await using var driver = await new SessionDriver().ReadyAsync();
        Assert.StartsWith(replies, await driver.AskAsync(lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_without_a_recipient_that_was_accepted_is_refused()
    {
        var handler = new FakeHandler { OnRecipient = static _ => new(new Reply(550, 1, 1, "no such user")) };
        await using var driver = await new SessionDriver(handler).WithRecipientAsync();
        Assert.Equal("554 5.5.1 no valid recipients\r\n", await driver.AskAsync("DATA\r\n"));
    }

    [Fact]
    public async Task One_recipient_too_many_is_deferred_and_the_others_stay()
    {
        await using var driver = await new SessionDriver(options: SessionDriver.Options with { MaxRecipients = 2 }).WithRecipientAsync();
        Assert.StartsWith("250 2.1.5", await driver.AskAsync("RCPT TO:<b@gateway.test>\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("452 4.5.3", await driver.AskAsync("RCPT TO:<c@gateway.test>\r\n"), StringComparison.Ordinal);
        await driver.AskAsync("DATA\r\n.\r\n");
        Assert.Equal(2, Assert.Single(driver.Handler.Messages).Envelope.Recipients.Count);
    }

    [Fact]
    public async Task A_refusal_in_the_greeting_is_repeated_until_quit()
    {
        var handler = new FakeHandler { OnConnect = static () => new(new Reply(554, null, "no PTR for [192.0.2.25]")) };
        var (received, end) = await SessionDriver.PlayAsync("EHLO x\r\nMAIL FROM:<a@b>\r\nNOOP\r\nBDAT 6 LAST\r\nQUIT\r\nQUIT\r\n", 3, handler);
        const string Again = "503 5.5.1 no PTR for [192.0.2.25]\r\n";
        Assert.Equal(
            $"554 no PTR for [192.0.2.25]\r\n{Again}{Again}{Again}{Again}221 2.0.0 mx.gateway.test closing connection\r\n", received);
        Assert.Equal(SessionEnd.Quit, end);
        Assert.Empty(handler.Asked);
    }

    [Fact]
    public async Task A_421_of_the_handler_closes_wherever_it_stands()
    {
        var busy = new Reply(421, 3, 2, "busy");
        foreach (var handler in new FakeHandler[]
        {
            new() { OnConnect = () => new(busy) },
            new() { OnHelo = _ => busy },
            new() { OnMail = _ => busy },
            new() { OnRecipient = _ => new(busy) },
            new() { OnData = _ => busy },
            new() { OnMessage = _ => new(busy) },
        })
        {
            var (received, end) = await SessionDriver.PlayAsync(SessionDriver.ToRecipient + "DATA\r\n.\r\nQUIT\r\n", handler: handler);
            Assert.EndsWith("421 4.3.2 busy\r\n", received, StringComparison.Ordinal);
            Assert.Equal(SessionEnd.Closed, end);
        }
    }

    [Fact]
    public async Task A_command_that_the_handler_refuses_has_not_happened()
    {
        var handler = new FakeHandler { OnHelo = static helo => helo.Name == "bad" ? new Reply(550, null, "no") : null };
        await using var driver = new SessionDriver(handler).Start();
        driver.Received();
        Assert.Equal("550 no\r\n503 5.5.1 send HELO or EHLO first\r\n", await driver.AskAsync("EHLO bad\r\nMAIL FROM:<a@b>\r\n"));
        Assert.Null(driver.Session.Helo);
        await driver.AskAsync("EHLO good\r\nMAIL FROM:<a@b>\r\nEHLO bad\r\n");
        Assert.Equal("good", driver.Session.Helo?.Name);
        Assert.StartsWith("250 2.1.5", await driver.AskAsync("RCPT TO:<b@c>\r\n"), StringComparison.Ordinal);
        Assert.Equal(0, handler.Resets);
    }

    [Fact]
    public async Task Too_many_mistakes_end_the_session()
    {
        await using var driver = await new SessionDriver(options: SessionDriver.Options with { MaxErrors = 3 }).ReadyAsync();
        driver.Received();
        Assert.Equal(
            string.Concat(Enumerable.Repeat("500 5.5.1 command not recognised\r\n", 3)) + "421 4.7.0 too many errors; closing\r\n",
            await driver.AskAsync("A\r\nB\r\nC\r\nD\r\nE\r\n"));
        Assert.Equal(SessionEnd.TooManyErrors, await driver.End);
    }

    [Fact]
    public async Task Before_helo_patience_is_shorter()
    {
        var (received, end) = await SessionDriver.PlayAsync(string.Concat(Enumerable.Repeat("garbage\r\n", 30)));
        Assert.Equal(SessionDriver.Greeting.Length + 10 * "500 5.5.1 command not recognised\r\n".Length
            + "421 4.7.0 too many errors; closing\r\n".Length, received.Length);
        Assert.Equal(SessionEnd.TooManyErrors, end);
    }

    [Fact]
    public async Task Recipients_that_the_handler_refuses_are_no_mistakes()
    {
        var handler = new FakeHandler { OnRecipient = static _ => new(new Reply(550, 7, 25, "no PTR")) };
        await using var driver = await new SessionDriver(handler).ReadyAsync("MAIL FROM:<a@b>\r\n");
        driver.Received();
        await driver.SendAsync(string.Concat(Enumerable.Repeat("RCPT TO:<b@c>\r\n", 100)));
        Assert.EndsWith("550 5.7.25 no PTR\r\n", driver.Received(), StringComparison.Ordinal);
        Assert.False(driver.End.IsCompleted);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\n\r\nHELO x\r\nMAIL FROM:<a@b>\r\n")]
    public async Task A_browser_is_not_heard(string request)
    {
        var (received, end) = await SessionDriver.PlayAsync(request);
        Assert.Equal(SessionDriver.Greeting + "421 4.7.0 this is SMTP, not HTTP; closing\r\n", received);
        Assert.Equal(SessionEnd.ProtocolViolation, end);
    }

    [Theory]
    [InlineData("HELO x\r\nMAIL FROM:<a@b>\r\n", "SMTP")]
    [InlineData("EHLO x\r\nMAIL FROM:<a@b>\r\n", "ESMTP")]
    [InlineData("EHLO x\r\nMAIL FROM:<a@b> SMTPUTF8\r\n", "UTF8SMTP")]
    public async Task The_protocol_has_its_word(string lines, string word)
    {
        await using var driver = new SessionDriver().Start();
        await driver.SendAsync(lines);
        Assert.Equal(word, driver.Session.Protocol);
    }

    [Fact]
    public async Task Who_talks_before_the_greeting_is_known()
    {
        var greeting = new TaskCompletionSource<Reply>();
        await using var driver = new SessionDriver(new FakeHandler { OnConnect = () => new(greeting.Task) }).Start();
        await driver.SendAsync("EHLO x\r\n");
        greeting.SetResult(new Reply(220, null, "hello"));
        Assert.True(driver.Session.IsEarlyTalker);
        Assert.StartsWith("220 hello\r\n250-mx", driver.Received(), StringComparison.Ordinal);
        await using var patient = await new SessionDriver().ReadyAsync();
        Assert.False(patient.Session.IsEarlyTalker);
    }

    [Fact]
    public async Task What_the_handler_throws_is_answered_and_thrown_on()
    {
        var handler = new FakeHandler { OnMail = static _ => throw new InvalidOperationException("a bug") };
        await using var driver = new SessionDriver(handler).Start();
        await driver.SendAsync("EHLO x\r\nMAIL FROM:<a@b>\r\n");
        Assert.EndsWith("421 4.3.0 internal error; try again later\r\n", driver.Received(), StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => driver.End);
    }

    [Fact]
    public async Task A_transport_that_fails_is_a_client_that_left()
    {
        await using var driver = await new SessionDriver().ReadyAsync();
        await driver.Client.Output.CompleteAsync(new IOException("reset by peer"));
        Assert.Equal(SessionEnd.Dropped, await driver.End);
    }

    [Fact]
    public async Task A_client_that_hangs_up_does_not_stop_a_delivery()
    {
        var delivery = new TaskCompletionSource<Reply>();
        var handler = new FakeHandler { OnMessage = _ => new(delivery.Task) };
        await using var driver = await new SessionDriver(handler).WithRecipientAsync();
        await driver.SendAsync("DATA\r\ntext\r\n.\r\n");
        await driver.Client.Output.CompleteAsync(new IOException("reset by peer"));
        await driver.Client.Input.CompleteAsync();
        Assert.False(driver.End.IsCompleted);
        delivery.SetResult(FakeHandler.Ok);
        Assert.Equal(SessionEnd.Dropped, await driver.End);
        Assert.Contains("Data 250 2.0.0 OK", handler.Answers);
    }
}
