namespace Gateway.Smtp.Tests.Server;

public class MessageTests
{
    private const string Smuggled = "550 5.6.11";

    [Theory]
    [InlineData("a\n.\nMAIL FROM:<evil@x>\r\n.\r\n")]
    [InlineData("a\r.\rMAIL FROM:<evil@x>\r\n.\r\n")]
    [InlineData("a\n.\r\nMAIL FROM:<evil@x>\r\n.\r\n")]
    [InlineData("a\r\n.\nMAIL FROM:<evil@x>\r\n.\r\n")]
    [InlineData("a\r\n.\rMAIL FROM:<evil@x>\r\n.\r\n")]
    public async Task What_could_smuggle_a_message_ends_the_session_and_relays_nothing(string payload)
    {
        await using var driver = await new SessionDriver().WithRecipientAsync();
        await driver.AskAsync("DATA\r\n");
        Assert.StartsWith(Smuggled, await driver.AskAsync(payload + "NOOP\r\n"), StringComparison.Ordinal);
        Assert.Equal(SessionEnd.ProtocolViolation, await driver.End);
        Assert.Empty(driver.Handler.Messages);
        Assert.DoesNotContain("mail <evil@x>", driver.Handler.Asked);
        Assert.Equal(1, driver.Handler.Resets);
    }

    [Fact]
    public async Task Normalized_it_is_one_message_with_whole_newlines()
    {
        var options = SessionDriver.Options with { BareNewline = BareNewline.Normalize };
        await using var driver = await new SessionDriver(options: options).WithRecipientAsync();
        await driver.AskAsync("DATA\r\n");
        Assert.Equal("250 2.0.0 OK\r\n", await driver.AskAsync("a\n.\nMAIL FROM:<evil@x>\r\n.\r\n"));
        Assert.Equal("a\r\n.\r\nMAIL FROM:<evil@x>\r\n", Assert.Single(driver.Handler.Messages).Text);
    }

    [Fact]
    public async Task A_message_over_the_limit_is_read_to_its_end()
    {
        var options = SessionDriver.Options with { MaxMessageSize = 65536 };
        await using var driver = await new SessionDriver(options: options).WithRecipientAsync();
        await driver.AskAsync("DATA\r\n");
        await driver.SendInPiecesAsync(new string('a', 200_000), 10_000);
        Assert.Equal("", driver.Received());
        Assert.StartsWith("552 5.3.4", await driver.AskAsync("\r\n.\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("250 2.1.0", await driver.AskAsync("MAIL FROM:<a@b>\r\n"), StringComparison.Ordinal);
        Assert.Empty(driver.Handler.Messages);
    }

    [Fact]
    public async Task A_message_of_exactly_the_limit_is_taken()
    {
        var options = SessionDriver.Options with { MaxMessageSize = 65536 };
        await using var driver = await new SessionDriver(options: options).WithRecipientAsync();
        await driver.AskAsync("DATA\r\n");
        Assert.StartsWith("250", await driver.AskAsync(new string('a', 65534) + "\r\n.\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_defers_the_message()
    {
        var missing = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString());
        var options = SessionDriver.Options with { Messages = new MessageStore(missing, memoryPerMessage: 0) };
        await using var driver = await new SessionDriver(options: options).WithRecipientAsync();
        await driver.AskAsync("DATA\r\n");
        await driver.SendInPiecesAsync(new string('a', 200_000), 10_000);
        Assert.StartsWith("452 4.3.1", await driver.AskAsync("\r\n.\r\n"), StringComparison.Ordinal);
        Assert.IsType<DirectoryNotFoundException>(driver.Session.StorageFailure);
        Assert.StartsWith("250 2.1.0", await driver.AskAsync("MAIL FROM:<a@b>\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_in_a_file_is_handed_over_whole_and_its_room_given_back()
    {
        var store = new MessageStore(Path.GetTempPath(), memoryPerMessage: 8192);
        var handler = new FakeHandler { OnMessage = static async text => { await Task.Yield(); return new Reply(250, 0, 0, $"{text.Length}"); } };
        var options = SessionDriver.Options with { Messages = store };
        var lines = string.Concat(Enumerable.Range(0, 50_000).Select(i => $"line {i}\r\n"));
        var (received, _) = await SessionDriver.PlayAsync(
            "EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<b@c>\r\nDATA\r\n" + lines + ".\r\nQUIT\r\n", 5000, handler, options);
        Assert.Contains($"250 2.0.0 {lines.Length}\r\n221", received, StringComparison.Ordinal);
        Assert.Equal(lines, Assert.Single(handler.Messages).Text);
        Assert.Equal(0, store.InMemory);
    }

    [Fact]
    public async Task A_client_that_leaves_within_a_message_sends_nothing()
    {
        var handler = new FakeHandler();
        var (_, end) = await SessionDriver.PlayAsync(
            "EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<b@c>\r\nDATA\r\ntext\r\n.", handler: handler);
        Assert.Equal(SessionEnd.Dropped, end);
        Assert.Empty(handler.Messages);
    }

    [Fact]
    public async Task A_refusal_before_354_keeps_the_transaction()
    {
        var handler = new FakeHandler { OnData = static _ => new Reply(450, 7, 1, "greylisted") };
        await using var driver = await new SessionDriver(handler).WithRecipientAsync();
        driver.Received();
        Assert.Equal("450 4.7.1 greylisted\r\n250 2.0.0 OK\r\n", await driver.AskAsync("DATA\r\nRSET\r\n"));
        Assert.Equal(1, handler.Resets);
    }

    [Theory]
    [InlineData("BDAT 5 LAST\r\nabc\r\n", "250 2.0.0 OK\r\n", "abc\r\n", "one chunk")]
    [InlineData("BDAT 2\r\nabBDAT 3 LAST\r\nc\r\n", "250 2.0.0 2 octets received\r\n250 2.0.0 OK\r\n", "abc\r\n", "two chunks")]
    [InlineData("bdat 3\r\nabcBDAT 0 last\r\n", "250 2.0.0 3 octets received\r\n250 2.0.0 OK\r\n", "abc", "an empty last one, no newline")]
    [InlineData("BDAT 0 LAST\r\n", "250 2.0.0 OK\r\n", "", "an empty message")]
    [InlineData("BDAT 6 LAST\r\n.\r\n..\nBDAT 1\r\nx", "550 5.6.11", null, "a bare LF (RFC 5321 §2.3.8)")]
    [InlineData("BDAT 2\r\na\rBDAT 1 LAST\r\n\n", "250 2.0.0 2 octets received\r\n250 2.0.0 OK\r\n", "a\r\n", "a newline cut in two")]
    [InlineData("BDAT 2 LAST\r\na\r", "550 5.6.11", null, "a CR at the end")]
    [InlineData("BDAT 3\r\n.\r\nBDAT 3 LAST\r\n.\r\n", "250 2.0.0 3 octets received\r\n250 2.0.0 OK\r\n", ".\r\n.\r\n", "dots mean nothing")]
    [InlineData("BDAT 3\r\nabcDATA\r\n", "250 2.0.0 3 octets received\r\n503 5.5.1", null, "RFC 3030 §3: no DATA behind BDAT")]
    [InlineData("BDAT 3\r\nabcRCPT TO:<a@b>\r\n", "250 2.0.0 3 octets received\r\n503 5.5.1", null, "nor RCPT")]
    [InlineData("BDAT 3\r\nabcRSET\r\nDATA\r\n", "250 2.0.0 3 octets received\r\n250 2.0.0 OK\r\n503 5.5.1 send MAIL", null, "RSET ends it")]
    [InlineData("BDAT\r\n", "501 5.5.4", null, "no size")]
    [InlineData("BDAT -1\r\n", "501 5.5.4", null, "no size")]
    [InlineData("BDAT 3 FIRST\r\n", "501 5.5.4", null, "no such word")]
    [InlineData("BDAT 99999999999999999999 LAST\r\n", "501 5.5.4", null, "no such size")]
    public async Task Chunks(string sent, string replies, string? message, string why)
    {
        await using var driver = await new SessionDriver().WithRecipientAsync();
        driver.Received();
        var received = await driver.AskAsync(sent);
        Assert.True(received.StartsWith(replies, StringComparison.Ordinal), $"{why}: {received}");
        Assert.Equal(message, driver.Handler.Messages.Select(given => given.Text).SingleOrDefault());
    }

    [Fact]
    public async Task A_chunk_in_the_wrong_place_is_taken_off_the_wire()
    {
        await using var driver = await new SessionDriver().ReadyAsync();
        driver.Received();
        Assert.Equal(
            "503 5.5.1 send MAIL first\r\n250 2.1.0 sender OK\r\n503 5.5.1 send RCPT first\r\n250 2.0.0 OK\r\n",
            await driver.AskAsync("BDAT 6\r\nQUIT\r\nMAIL FROM:<a@b>\r\nBDAT 6 LAST\r\nQUIT\r\nNOOP\r\n"));
    }

    [Fact]
    public async Task A_message_that_one_chunk_spoiled_stays_refused()
    {
        var options = SessionDriver.Options with { MaxMessageSize = 65536 };
        await using var driver = await new SessionDriver(options: options).WithRecipientAsync();
        driver.Received();
        var big = new string('a', 70_000);
        Assert.StartsWith("552 5.3.4", await driver.AskAsync($"BDAT 70000\r\n{big}"), StringComparison.Ordinal);
        Assert.StartsWith("552 5.3.4", await driver.AskAsync("BDAT 6 LAST\r\nQUIT\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("250 2.1.0", await driver.AskAsync("MAIL FROM:<a@b>\r\n"), StringComparison.Ordinal);
        Assert.Empty(driver.Handler.Messages);
    }

    [Fact]
    public async Task The_handler_is_asked_once_before_the_first_chunk()
    {
        var handler = new FakeHandler { OnData = static _ => new Reply(550, 7, 1, "no") };
        await using var driver = await new SessionDriver(handler).WithRecipientAsync();
        driver.Received();
        Assert.Equal("550 5.7.1 no\r\n550 5.7.1 no\r\n", await driver.AskAsync("BDAT 3\r\nabcBDAT 3 LAST\r\nabc"));
        Assert.Single(handler.Asked, "data 1");
        Assert.Equal(1, handler.Resets);
    }

    [Fact]
    public async Task Replies_to_what_was_pipelined_do_not_wait_for_the_delivery()
    {
        var delivery = new TaskCompletionSource<Reply>();
        await using var driver = await new SessionDriver(new FakeHandler { OnMessage = _ => new(delivery.Task) }).ReadyAsync();
        driver.Received();
        Assert.Equal(
            "250 2.1.0 sender OK\r\n250 2.1.5 recipient OK\r\n",
            await driver.AskAsync("MAIL FROM:<a@b>\r\nRCPT TO:<b@c>\r\nBDAT 3 LAST\r\nabc"));
        delivery.SetResult(FakeHandler.Ok);
        Assert.Equal("250 2.0.0 OK\r\n", driver.Received());
    }

    [Theory]
    [InlineData("DATA\r\n", "nothing of the message came")]
    [InlineData("DATA\r\nSubject: half", "in the middle of a line")]
    [InlineData("BDAT 100\r\nhalf", "in the middle of a chunk")]
    [InlineData("", "before the message")]
    public async Task A_client_that_hangs_up_ends_the_session_also_behind_a_stream(string last, string reason)
    {
        // Sessions in TLS read from a stream, whose reader tells its end another way than a pipe does.
        var said = "EHLO client.example\r\nMAIL FROM:<ann@example.org>\r\nRCPT TO:<bob@gateway.test>\r\n" + last;
        using var stream = new MemoryStream(System.Text.Encoding.ASCII.GetBytes(said));
        var transport = new DuplexPipe(
            System.IO.Pipelines.PipeReader.Create(stream), System.IO.Pipelines.PipeWriter.Create(Stream.Null));
        var session = new SmtpSession(transport, new Session(SessionDriver.Options), new FakeHandler(), new ManualTime());
        var end = await session.RunAsync(default, default).WaitAsync(TimeSpan.FromMinutes(1));
        Assert.True(end == SessionEnd.Dropped, reason);
    }
}
