using System.Buffers;
using System.Net.Security;
using System.Text;
using static Gateway.Smtp.Tests.Server.TlsClient;

namespace Gateway.Smtp.Tests.Server;

public class StartTlsTests
{
    [Fact]
    public async Task Tls_is_offered_until_it_is_there_and_forgets_what_was_said()
    {
        await using var driver = new SessionDriver(options: Options).Start();
        Assert.Contains("250 STARTTLS\r\n", await driver.AskAsync("EHLO before\r\n"), StringComparison.Ordinal);
        Assert.Equal("220 2.0.0 ready to start TLS\r\n", await driver.AskAsync("STARTTLS\r\n"));
        await using var tls = await HandshakeAsync(driver);
        Assert.Null(driver.Session.Helo);
        Assert.Equal("503 5.5.1 send HELO or EHLO first\r\n", await AskAsync(tls, "MAIL FROM:<a@b>\r\n"));
        Assert.DoesNotContain("STARTTLS", await AskAsync(tls, "EHLO after\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("503 5.5.1 TLS is active", await AskAsync(tls, "STARTTLS\r\n"), StringComparison.Ordinal);
        Assert.Equal("ESMTPS", driver.Session.Protocol);
        Assert.Contains(" TLS_", driver.Session.Tls, StringComparison.Ordinal);
        await AskAsync(tls, "MAIL FROM:<a@b> SMTPUTF8\r\n");
        Assert.Equal("UTF8SMTPS", driver.Session.Protocol);
        await AskAsync(tls, "RCPT TO:<b@c>\r\n");
        await AskAsync(tls, "DATA\r\n");
        Assert.Equal("250 2.0.0 OK\r\n", await AskAsync(tls, new string('x', 300_000) + "\r\n.\r\n"));
        Assert.Equal(300_002, Assert.Single(driver.Handler.Messages).Text.Length);
        Assert.StartsWith("221", await AskAsync(tls, "QUIT\r\n"), StringComparison.Ordinal);
        Assert.Equal(0, await tls.ReadAsync(new byte[1]));
        Assert.Equal(SessionEnd.Quit, await driver.End);
    }

    [Fact]
    public async Task Octets_in_the_clear_behind_starttls_are_refused_and_never_read()
    {
        await using var driver = await new SessionDriver(options: Options).ReadyAsync();
        driver.Received();
        Assert.StartsWith("554 5.5.1", await driver.AskAsync("STARTTLS\r\nMAIL FROM:<evil@x>\r\n"), StringComparison.Ordinal);
        Assert.Equal(SessionEnd.TlsFailed, await driver.End);
        Assert.DoesNotContain("mail <evil@x>", driver.Handler.Asked);
    }

    [Fact]
    public async Task Octets_in_the_clear_instead_of_a_handshake_end_the_session()
    {
        await using var driver = await new SessionDriver(options: Options).ReadyAsync();
        await driver.AskAsync("STARTTLS\r\n");
        await driver.SendAsync("MAIL FROM:<evil@x>\r\n");
        Assert.Equal(SessionEnd.TlsFailed, await driver.End);
        Assert.DoesNotContain("mail <evil@x>", driver.Handler.Asked);
    }

    [Fact]
    public async Task A_handshake_that_does_not_come_has_a_deadline()
    {
        await using var driver = await new SessionDriver(options: Options).ReadyAsync();
        await driver.AskAsync("STARTTLS\r\n");
        driver.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(SessionEnd.TimedOut, await driver.End);
    }

    [Fact]
    public async Task Starttls_takes_no_argument_and_no_transaction()
    {
        await using var driver = await new SessionDriver(options: Options).ReadyAsync();
        driver.Received();
        Assert.StartsWith("501 5.5.4", await driver.AskAsync("STARTTLS now\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("250 2.1.0 sender OK\r\n503 5.5.1", await driver.AskAsync("MAIL FROM:<a@b>\r\nSTARTTLS\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silence_within_tls_times_out_with_its_reply()
    {
        await using var driver = await new SessionDriver(options: Options).ReadyAsync();
        await driver.AskAsync("STARTTLS\r\n");
        await using var tls = await HandshakeAsync(driver);
        await AskAsync(tls, "EHLO after\r\n");
        driver.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("421 4.4.2 timeout; closing\r\n", await ReadAsync(tls));
        Assert.Equal(SessionEnd.TimedOut, await driver.End);
    }

    [Fact]
    public async Task A_server_that_stops_says_so_within_tls()
    {
        await using var driver = await new SessionDriver(options: Options).ReadyAsync();
        await driver.AskAsync("STARTTLS\r\n");
        await using var tls = await HandshakeAsync(driver);
        driver.Stop();
        Assert.StartsWith("421 4.3.2", await ReadAsync(tls), StringComparison.Ordinal);
        Assert.Equal(SessionEnd.Stopping, await driver.End);
    }

    [Theory]
    [InlineData("EHLO aft")]
    [InlineData("MAIL FROM:<a@b>\r\nRC")]
    [InlineData("MAIL FROM:<a@b>\r\nRCPT TO:<b@c>\r\nDATA\r\nhalf a message")]
    [InlineData("MAIL FROM:<a@b>\r\nRCPT TO:<b@c>\r\nBDAT 100\r\nhalf a chunk")]
    public async Task A_client_that_hangs_up_in_the_middle_of_something_within_tls_ends_the_session(string said)
    {
        await using var driver = await new SessionDriver(options: Options).ReadyAsync();
        await driver.AskAsync("STARTTLS\r\n");
        await using var tls = await HandshakeAsync(driver);
        await AskAsync(tls, "EHLO after\r\n");
        await tls.WriteAsync(Encoding.ASCII.GetBytes(said));
        await driver.Client.Output.CompleteAsync();
        Assert.Equal(SessionEnd.Dropped, await driver.End);
    }

    [Fact]
    public async Task A_client_that_does_not_read_its_replies_within_tls_is_closed()
    {
        await using var driver = await new SessionDriver(new FakeHandler { IsOwnClient = true }, Options, pauseOutputAt: 4096).ReadyAsync();
        await driver.AskAsync("STARTTLS\r\n");
        await using var tls = await HandshakeAsync(driver);
        await tls.WriteAsync(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("NOOP\r\n", 2000))));
        // The session writes on a thread of its own: its deadline begins while the clock moves.
        while (await Task.WhenAny(driver.End, Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System)) != driver.End)
            driver.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(SessionEnd.TimedOut, await driver.End);
    }

    [Theory]
    [InlineData("EHLO client.example\r\nAUTH LOGIN\r\nYW5u\r\nc2VjcmV0\r\n")]
    [InlineData("EHLO client.example\r\nAUTH PLAIN AGFubgBzZWNyZXQ=\r\nMAIL FROM:<ann@example.org>\r\nRCPT TO:<bob@gateway.test>\r\nDATA\r\nSubject: x\r\n\r\n..\r\n.\r\nQUIT\r\n")]
    [InlineData("EHLO client.example\r\nMAIL FROM:<ann@example.org>\r\nRCPT TO:<bob@gateway.test>\r\nBDAT 3\r\nx\r\nBDAT 4 LAST\r\ny\n\r\nRSET\r\nBDAT 9\r\n")]
    public async Task Whoever_hangs_up_after_any_octet_ends_the_session(string said)
    {
        for (var length = 0; length <= said.Length; length++)
        {
            await PlayAsync(said[..length], inTls: false, says: false);
            await PlayAsync(said[..length], inTls: true, says: false);
            await PlayAsync(said[..length], inTls: true, says: true);
        }
    }

    // Within TLS a client may say goodbye, or be gone without a word.
    private static async Task PlayAsync(string said, bool inTls, bool says)
    {
        await using var driver = await new SessionDriver(options: Options with { OffersAuth = true }).ReadyAsync();
        if (inTls)
        {
            await driver.AskAsync("STARTTLS\r\n");
            await using var tls = await HandshakeAsync(driver);
            await tls.WriteAsync(Encoding.ASCII.GetBytes(said));
            if (says)
                await tls.ShutdownAsync();
        }
        else
        {
            await driver.SendAsync(said);
        }
        await driver.Client.Output.CompleteAsync();
        Assert.True(await driver.End is SessionEnd.Dropped or SessionEnd.Quit or SessionEnd.ProtocolViolation, $"after {said.Length} octets");
    }

    [Fact]
    public async Task Whoever_hangs_up_after_any_octet_of_the_handshake_ends_the_session()
    {
        var hello = await HelloAsync();
        for (var length = 0; length < hello.Length; length++)
        {
            await using var driver = await new SessionDriver(options: Options).ReadyAsync();
            await driver.AskAsync("STARTTLS\r\n");
            await driver.Client.Output.WriteAsync(hello.AsMemory(0, length));
            await driver.Client.Output.CompleteAsync();
            Assert.Equal(SessionEnd.TlsFailed, await driver.End);
            Assert.False(driver.Smtp.HasStoppedReading);
        }
    }

    /// <summary>What a client says first.</summary>
    private static async Task<byte[]> HelloAsync()
    {
        var (server, client, _) = DuplexPipe.CreatePair();
        await using var tls = new SslStream(new DuplexPipeStream(client));
        var handshake = tls.AuthenticateAsClientAsync("mx.gateway.test");
        var read = await server.Input.ReadAsync();
        var octets = read.Buffer.ToArray();
        await server.Output.CompleteAsync();
        await Assert.ThrowsAnyAsync<IOException>(() => handshake);
        return octets;
    }
}
