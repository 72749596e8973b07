using System.Text;

namespace Gateway.Smtp.Tests.Server;

/// <summary>Input behind a command that ends a pipelined group, before the reply to it (RFC 2920 §3.1).</summary>
public class EarlyInputTests
{
    private const string Refused = "503 5.5.0 data was sent before the reply to a command that must be the last of its group (RFC 2920 section 3.1); closing\r\n";
    private const string Envelope = "MAIL FROM:<ann@example.org>\r\nRCPT TO:<bob@gateway.test>\r\n";
    private const string Message = "Subject: x\r\n\r\ntext\r\n.\r\n";

    private static readonly SmtpServerOptions Options = SessionDriver.Options with { RefusesEarlyInput = true };

    [Theory]
    [InlineData(Envelope + "DATA\r\n", Message, "the message, before anybody wanted it")]
    [InlineData(Envelope + "DATA\r\n", ".", "one octet is as early as all")]
    [InlineData("DATA\r\n", "x\r\n.\r\n", "DATA that is out of order: its message would be read as commands")]
    [InlineData("MAIL FROM:<ann@example.org>\r\nDATA\r\n", "x\r\n.\r\n", "DATA without recipients, too")]
    [InlineData("EHLO client.example\r\n", Envelope, "nobody knows yet that we pipeline")]
    [InlineData("EHLO client.example\r\n", "QUIT\r\n", "a probe that does not listen")]
    [InlineData("HELO client.example\r\n", Envelope, "who says HELO pipelines nothing")]
    [InlineData("NOOP\r\n", "NOOP\r\n", "NOOP is there to be waited for")]
    [InlineData("VRFY bob\r\n", "NOOP\r\n", "an answer that decides what comes next")]
    [InlineData("EXPN list\r\n", "NOOP\r\n", "though it is not implemented")]
    [InlineData("AUTH PLAIN AGFubgBwdw==\r\n", "NOOP\r\n", "though it is not offered")]
    public async Task Input_behind_a_command_that_ends_a_group_ends_the_session(string group, string behind, string why)
    {
        await using var driver = await new SessionDriver(options: Options).ReadyAsync();
        driver.Received();

        var replies = await driver.AskAsync(group + behind);

        Assert.True(replies.EndsWith(Refused, StringComparison.Ordinal), $"{why}: {replies}");
        Assert.DoesNotContain("354", replies, StringComparison.Ordinal);
        Assert.Equal(SessionEnd.EarlyInput, await driver.End);
        Assert.Empty(driver.Handler.Messages);
    }

    [Fact]
    public async Task Replies_to_what_was_pipelined_legally_come_first()
    {
        await using var driver = await new SessionDriver(options: Options).ReadyAsync();
        driver.Received();

        Assert.Equal("250 2.1.0 sender OK\r\n250 2.1.5 recipient OK\r\n" + Refused, await driver.AskAsync(Envelope + "DATA\r\n" + Message));
    }

    [Fact]
    public async Task Input_that_comes_while_the_reply_is_worked_on_is_early()
    {
        var slow = new TaskCompletionSource<Reply>();
        var handler = new FakeHandler { OnConnect = () => new(slow.Task) };
        await using var driver = new SessionDriver(handler, Options).Start();
        await driver.SendAsync("EHLO client.example\r\n");
        await driver.SendAsync("MAIL");

        slow.SetResult(new Reply(220, null, "mx.gateway.test ESMTP"));

        Assert.Equal(SessionDriver.Greeting + Refused, driver.Received());
    }

    [Theory]
    [InlineData("RSET\r\n" + Envelope + "DATA\r\n", "DATA is the last")]
    [InlineData(Envelope + "RSET\r\n" + Envelope + "RSET\r\nNOOP\r\n", "NOOP is the last")]
    [InlineData(Envelope + "BDAT 4\r\nx\r\n\r\nBDAT 3 LAST\r\ny\r\n" + Envelope + "BDAT 3 LAST\r\nz\r\nQUIT\r\n", "chunks may be followed by anything (RFC 3030 §2)")]
    [InlineData("HELP\r\nRSET\r\nQUIT\r\nNOOP\r\n", "behind QUIT nothing is read")]
    public async Task Legal_pipelining_works_as_ever(string group, string why)
    {
        await using var driver = await new SessionDriver(options: Options).ReadyAsync();

        Assert.False((await driver.AskAsync(group)).Contains("503", StringComparison.Ordinal), why);
    }

    [Fact]
    public async Task Behind_a_message_the_next_group_may_begin()
    {
        await using var driver = await new SessionDriver(options: Options).ReadyAsync();
        await driver.AskAsync(Envelope + "DATA\r\n");

        await driver.AskAsync(Message + Envelope + "DATA\r\n");
        await driver.AskAsync(Message + "QUIT\r\n");

        Assert.Equal(2, driver.Handler.Messages.Count);
        Assert.Equal(SessionEnd.Quit, await driver.End);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task A_client_that_waits_is_served_however_its_octets_are_cut(int size)
    {
        await using var driver = new SessionDriver(options: Options).Start();
        foreach (var group in (string[])["EHLO client.example\r\n", Envelope + "DATA\r\n", Message + Envelope + "DATA\r\n", Message + "QUIT\r\n"])
            await driver.SendInPiecesAsync(group, size);

        Assert.Equal(SessionEnd.Quit, await driver.End);
        Assert.Equal(2, driver.Handler.Messages.Count);
    }

    [Theory]
    [InlineData(true, true, "ours")]
    [InlineData(false, false, "switched off")]
    public async Task An_own_client_and_a_server_that_does_not_mind_take_what_comes(bool isOwn, bool refuses, string why)
    {
        var options = Options with { RefusesEarlyInput = refuses };
        var (_, end) = await SessionDriver.PlayAsync(
            SessionDriver.ToRecipient + "DATA\r\n" + Message + "QUIT\r\n", handler: new FakeHandler { IsOwnClient = isOwn }, options: options);

        Assert.True(end == SessionEnd.Quit, why);
    }

    [Fact]
    public async Task What_the_transport_has_not_read_yet_was_sent_just_as_early()
    {
        var (server, client, _) = DuplexPipe.CreatePair();
        var waiting = false;
        var session = new SmtpSession(server, new Session(Options), new FakeHandler(), new ManualTime()) { HasUnreadInput = () => waiting };
        var end = session.RunAsync(CancellationToken.None, CancellationToken.None);
        await client.Output.WriteAsync(Encoding.ASCII.GetBytes("EHLO client.example\r\n"));
        await client.Output.WriteAsync(Encoding.ASCII.GetBytes(Envelope));

        waiting = true;
        await client.Output.WriteAsync(Encoding.ASCII.GetBytes("DATA\r\n"));

        Assert.Equal(SessionEnd.EarlyInput, await end.WaitAsync(TimeSpan.FromMinutes(1)));
    }

    [Theory]
    [InlineData(false, "in the same record")]
    [InlineData(true, "in a record of its own")]
    public async Task Under_TLS_it_is_the_same(bool inItsOwnRecord, string why)
    {
        var options = TlsClient.Options with { RefusesEarlyInput = true };
        await using var driver = await new SessionDriver(options: options).ReadyAsync();
        await driver.AskAsync("STARTTLS\r\n");
        var wire = new HeldWriter(driver.Client.Output);
        await using var tls = await TlsClient.HandshakeAsync(new DuplexPipe(driver.Client.Input, wire));
        await TlsClient.AskAsync(tls, "EHLO client.example\r\n");
        var group = Encoding.ASCII.GetBytes(Envelope + "DATA\r\n");
        var message = Encoding.ASCII.GetBytes(Message);

        // Two records arrive at once when they lie in one segment.
        wire.IsHeld = true;
        if (inItsOwnRecord)
        {
            await tls.WriteAsync(group);
            await tls.WriteAsync(message);
        }
        else
        {
            await tls.WriteAsync((byte[])[.. group, .. message]);
        }
        wire.IsHeld = false;
        await wire.FlushAsync();

        Assert.True(await driver.End == SessionEnd.EarlyInput, why);
        Assert.Empty(driver.Handler.Messages);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Under_TLS_a_client_that_waits_is_served_however_its_octets_are_cut(int size)
    {
        var options = TlsClient.Options with { RefusesEarlyInput = true };
        await using var driver = await new SessionDriver(options: options).ReadyAsync();
        await driver.AskAsync("STARTTLS\r\n");
        await using var tls = await TlsClient.HandshakeAsync(driver);
        foreach (var (group, reply) in ((string, string)[])[("EHLO client.example\r\n", "250 "), (Envelope + "DATA\r\n", "354 "), (Message + "QUIT\r\n", "221 ")])
        {
            for (var at = 0; at < group.Length; at += size)
                await tls.WriteAsync(Encoding.ASCII.GetBytes(group[at..Math.Min(group.Length, at + size)]));
            for (var text = ""; !text.Contains(reply, StringComparison.Ordinal);)
                text += await TlsClient.ReadAsync(tls);
        }

        Assert.Equal(SessionEnd.Quit, await driver.End);
    }
}
