using System.Net.Security;
using System.Text;
using static Gateway.Smtp.Tests.Server.TlsClient;

namespace Gateway.Smtp.Tests.Server;

public class AuthenticationTests
{
    private static readonly SmtpServerOptions Offering = Options with { OffersAuth = true };

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static async Task<(SessionDriver Driver, SslStream Tls)> SecuredAsync(FakeHandler? handler = null)
    {
        var driver = await new SessionDriver(handler, Offering).ReadyAsync();
        await driver.AskAsync("STARTTLS\r\n");
        var tls = await HandshakeAsync(driver);
        await AskAsync(tls, "EHLO client.example\r\n");
        return (driver, tls);
    }

    public static TheoryData<string, string, string> Dialogues() => new()
    {
        { $"AUTH PLAIN {Base64("\0ann\0secret")}", "235 2.7.0", "an initial response" },
        { $"auth plain {Base64("ann\0ann\0secret")}", "235 2.7.0", "an authzid that is the authcid; no command and no mechanism has case" },
        { $"AUTH PLAIN\r\n{Base64("\0ann\0secret")}", "334 ; 235 2.7.0", "an empty challenge first" },
        { $"AUTH LOGIN\r\n{Base64("ann")}\r\n{Base64("secret")}", "334 VXNlcm5hbWU6; 334 UGFzc3dvcmQ6; 235 2.7.0", "LOGIN asks twice" },
        { $"AUTH LOGIN {Base64("ann")}\r\n{Base64("secret")}", "334 UGFzc3dvcmQ6; 235 2.7.0", "LOGIN with the name in the command, as Outlook does" },
        { $"AUTH PLAIN {Base64("\0änn\0sécret")}", "235 2.7.0", "UTF-8" },
        { $"AUTH PLAIN {Base64("bob\0ann\0secret")}", "535 5.7.8", "nobody acts as somebody else" },
        { $"AUTH PLAIN {Base64("ann\0secret")}", "501 5.5.2", "a NUL is missing" },
        { $"AUTH PLAIN {Base64("\0ann\0sec\0ret")}", "501 5.5.2", "a NUL too many" },
        { $"AUTH PLAIN {Base64("\0\0secret")}", "501 5.5.2", "no name" },
        { $"AUTH PLAIN {Base64("\0ann\0")}", "501 5.5.2", "no password" },
        { $"AUTH PLAIN {Base64("\0a\nnn\0secret")}", "501 5.5.2", "a line feed in the name" },
        { $"AUTH PLAIN {Base64("\0a\u0085nn\0secret")}", "501 5.5.2", "a C1 control in the name" },
        { $"AUTH PLAIN {Convert.ToBase64String([0, 0xff, 0, 0x61])}", "501 5.5.2", "no UTF-8" },
        { $"AUTH PLAIN {Base64("\0" + new string('a', 256) + "\0secret")}", "501 5.5.2", "a name of 256 octets" },
        { "AUTH PLAIN =", "501 5.5.2", "an empty response holds no name" },
        { "AUTH LOGIN =", "501 5.5.2", "nor here" },
        { "AUTH PLAIN AGFu bg==", "501 5.5.2", "a space in base64" },
        { "AUTH PLAIN !!!!", "501 5.5.2", "no base64" },
        { "AUTH PLAIN AGFubgBzZWNyZXQ", "501 5.5.2", "no padding" },
        { "AUTH PLAIN\r\n*", "334 ; 501 5.7.0", "cancelled" },
        { $"AUTH LOGIN\r\n{Base64("ann")}\r\n*", "334 VXNlcm5hbWU6; 334 UGFzc3dvcmQ6; 501 5.7.0", "cancelled later" },
        { "AUTH PLAIN\r\nMAIL FROM:<ann@example.org>", "334 ; 501 5.5.2", "a line after a challenge is a response, whatever it looks like" },
        { "AUTH LOGIN\r\nQUIT", "334 VXNlcm5hbWU6; 501 5.5.2", "base64 by accident, and no UTF-8" },
        { "AUTH PLAIN\r\n" + new string('A', 12_287), "334 ; 500 5.5.6", "too long" },
        { "AUTH PLAIN " + new string('A', 12_288), "500 5.5.2", "too long in the command" },
        { "AUTH PLAIN " + new string('A', 12_200), "501 5.5.2", "long, and read" },
        { "NOOP " + new string('A', 1100), "500 5.5.2", "other commands keep their limit" },
        { "AUTH PLAIN\r\n\nNOOP", "334 ; 500 5.5.2; 250 2.0.0", "a bare LF ends the exchange" },
        { "AUTH CRAM-MD5", "504 5.5.4", "a mechanism that is not offered" },
        { "AUTH", "501 5.5.4", "no mechanism" },
        { $"AUTH PLAIN {Base64("\0ann\0secret")}\r\nAUTH PLAIN {Base64("\0ann\0secret")}", "235 2.7.0; 503 5.5.1", "once is enough" },
        { "MAIL FROM:<a@b>\r\nAUTH PLAIN", "250 2.1.0; 503 5.5.1", "not in a transaction" },
        { "MAIL FROM:<a@b> AUTH=<>\r\nRSET\r\nMAIL FROM:<a@b> AUTH=ann+40example.org", "250 2.1.0; 250 2.0.0; 250 2.1.0", "RFC 4954 §5: read over" },
        { "MAIL FROM:<a@b> AUTH=\r\nMAIL FROM:<a@b> AUTH=a AUTH=b", "501 5.5.4; 501 5.5.4", "no value; twice" },
    };

    [Theory]
    [MemberData(nameof(Dialogues))]
    public async Task Each_response_has_its_reply_however_the_octets_are_cut(string lines, string replies, string why)
    {
        foreach (var size in new[] { int.MaxValue, 1 })
        {
            var (driver, tls) = await SecuredAsync();
            await using var _ = driver;
            var octets = Encoding.UTF8.GetBytes(lines + "\r\nQUIT\r\n");
            for (var at = 0; at < octets.Length; at += Math.Min(size, octets.Length))
                await tls.WriteAsync(octets.AsMemory(at, Math.Min(size, octets.Length - at)));
            var heard = (await new StreamReader(tls, Encoding.Latin1).ReadToEndAsync(TestContext.Current.CancellationToken)).Split("\r\n")[..^2];
            var expected = replies.Split("; ");
            Assert.True(expected.Length == heard.Length && expected.Zip(heard).All(pair => pair.Second.StartsWith(pair.First, StringComparison.Ordinal)),
                $"{why}: {string.Join(" | ", heard)}");
            Assert.All(driver.Handler.Presented, credentials => Assert.True(credentials.Password.IndexOfAnyExcept((byte)0) < 0, "a password stayed in memory"));
        }
    }

    [Fact]
    public async Task It_is_offered_over_TLS_only_and_refused_in_the_clear()
    {
        await using var driver = new SessionDriver(options: Offering).Start();
        Assert.DoesNotContain("AUTH", await driver.AskAsync("EHLO client.example\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("538 5.7.11", await driver.AskAsync("AUTH PLAIN AGFubgBzZWNyZXQ=\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("555 5.5.4", await driver.AskAsync("MAIL FROM:<a@b> AUTH=<>\r\n"), StringComparison.Ordinal);
        await driver.AskAsync("STARTTLS\r\n");
        await using var tls = await HandshakeAsync(driver);
        Assert.StartsWith("503 5.5.1", await AskAsync(tls, "AUTH PLAIN\r\n"), StringComparison.Ordinal);
        Assert.EndsWith("\r\n250 AUTH PLAIN LOGIN\r\n", await AskAsync(tls, "EHLO client.example\r\n"), StringComparison.Ordinal);
        Assert.Empty(driver.Handler.Presented);
    }

    [Fact]
    public async Task Where_it_is_not_offered_it_is_not_implemented()
    {
        await using var driver = await new SessionDriver(options: Options).ReadyAsync();
        driver.Received();
        Assert.StartsWith("502 5.5.1", await driver.AskAsync("AUTH PLAIN AGFubgBzZWNyZXQ=\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_trace_field_says_that_the_client_was_authenticated()
    {
        var (driver, tls) = await SecuredAsync();
        await using var _ = driver;
        Assert.Equal("ESMTPS", driver.Session.Protocol);
        await AskAsync(tls, $"AUTH PLAIN {Base64("\0ann\0secret")}\r\n");
        Assert.Equal("ESMTPSA", driver.Session.Protocol);
        await AskAsync(tls, "MAIL FROM:<a@b> SMTPUTF8\r\n");
        Assert.Equal("UTF8SMTPSA", driver.Session.Protocol);
        Assert.Contains("auth PLAIN ann secret", driver.Handler.Asked);
    }

    [Fact]
    public async Task A_wrong_answer_leaves_the_session_as_it_was_and_421_ends_it()
    {
        var answers = new Queue<Reply>([new(535, 7, 8, "no"), new(421, 7, 0, "enough")]);
        var (driver, tls) = await SecuredAsync(new() { OnAuthenticate = _ => new(answers.Dequeue()) });
        await using var _ = driver;
        Assert.StartsWith("535 5.7.8", await AskAsync(tls, $"AUTH PLAIN {Base64("\0ann\0x")}\r\n"), StringComparison.Ordinal);
        Assert.Null(driver.Session.User);
        Assert.StartsWith("421 4.7.0", await AskAsync(tls, $"AUTH PLAIN {Base64("\0ann\0x")}\r\n"), StringComparison.Ordinal);
        Assert.Equal(SessionEnd.Closed, await driver.End);
    }

    [Fact]
    public async Task Replies_to_what_came_before_do_not_wait_for_a_slow_answer()
    {
        var slow = new TaskCompletionSource<Reply>();
        var (driver, tls) = await SecuredAsync(new() { OnAuthenticate = _ => new(slow.Task) });
        await using var _ = driver;
        Assert.StartsWith("250 2.0.0", await AskAsync(tls, $"NOOP\r\nAUTH PLAIN {Base64("\0ann\0x")}\r\n"), StringComparison.Ordinal);
        slow.SetResult(new(235, 7, 0, "at last"));
        Assert.StartsWith("235 2.7.0", await ReadAsync(tls), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silence_within_an_exchange_times_out()
    {
        var (driver, tls) = await SecuredAsync();
        await using var _ = driver;
        await AskAsync(tls, "AUTH LOGIN\r\n");
        driver.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.StartsWith("421 4.4.2", await ReadAsync(tls), StringComparison.Ordinal);
        Assert.Equal(SessionEnd.TimedOut, await driver.End);
    }

    [Fact]
    public async Task A_server_that_stops_does_not_wait_for_a_response()
    {
        var (driver, tls) = await SecuredAsync();
        await using var _ = driver;
        await AskAsync(tls, "AUTH LOGIN\r\n");
        driver.Stop();
        Assert.StartsWith("421 4.3.2", await ReadAsync(tls), StringComparison.Ordinal);
        Assert.Equal(SessionEnd.Stopping, await driver.End);
    }

    [Fact]
    public async Task Nothing_that_is_recorded_holds_a_password()
    {
        var (driver, tls) = await SecuredAsync();
        await using var _ = driver;
        var secret = Base64("\0ann\0secret");
        await AskAsync(tls, $"AUTH CRAM-MD5 {secret}\r\nAUTH LOGIN\r\n{secret}\r\nAUTH\r\n{secret}\r\n");
        Assert.DoesNotContain(driver.Handler.Answers, answer => answer.Contains("secret", StringComparison.Ordinal) || answer.Contains(secret, StringComparison.Ordinal));
    }
}
