using System.Reflection;

namespace Gateway.Smtp.Tests.Server;

/// <summary>Refusals of the engine that end a transaction or the session: each of them ends with the session's id.</summary>
public class SignedReplyTests
{
    private const string Id = $"; id={FakeHandler.SessionId}";
    private const string Recipient = SessionDriver.ToRecipient;

    private static readonly SmtpServerOptions Options = TlsClient.Options with { RefusesEarlyInput = false };

    // What is said, and what happens then.
    private static readonly (string Octets, SmtpServerOptions Options, Action<SessionDriver>? Then)[] Scenes =
    [
        ("EHLO a.example\r\nMAIL FROM:<ann@example.org>\r\nRCPT TO:<nobody@gateway.test>\r\nDATA\r\n", Options, null),
        (Recipient + "RCPT TO:<carol@gateway.test>\r\n", Options with { MaxRecipients = 1 }, null),
        ("EHLO a.example\r\nMAIL FROM:<ann@example.org> SIZE=99999999999\r\n", Options, null),
        (Recipient + $"DATA\r\n{new string('x', 200_000)}\r\n.\r\n", Options with { Messages = new MessageStore("/gateway/no/such/folder", memoryPerMessage: 0) }, null),
        (Recipient + "DATA\r\na\nb\r\n.\r\n", Options, null),
        (Recipient + "DATA\r\n\0\r\n.\r\n", Options, null),
        (Recipient + "BDAT x\r\n", Options, null),
        ("EHLO a.example\r\nSTARTTLS\r\nMAIL", Options, null),
        ("EHLO a.example\r\n", Options, static driver => driver.Time.Advance(Options.CommandTimeout)),
        ("EHLO a.example\r\n", Options, static driver => driver.Stop()),
        (string.Concat(Enumerable.Repeat("WHAT\r\n", 21)), Options, null),
        (string.Concat(Enumerable.Repeat("EHLO a.example\r\n", 5)), Options with { MaxJunkCommands = 4 }, null),
        ("EHLO a.example\r\nNOOP\r\n", Options with { RefusesEarlyInput = true }, null),
        ("GET / HTTP/1.1\r\n", Options, null),
        ("EHLO a.example\r\nMAIL FROM:<bug@example.org>\r\n", Options, null),
    ];

    [Fact]
    public async Task Every_refusal_of_the_engine_that_ends_a_transaction_or_the_session_carries_the_id()
    {
        var signed = new HashSet<string>();
        foreach (var (octets, options, then) in Scenes)
        {
            await using var driver = new SessionDriver(Handler(), options, id: FakeHandler.SessionId).Start();
            await driver.SendAsync(octets);
            then?.Invoke(driver);
            if (driver.End.IsFaulted)
                await Assert.ThrowsAsync<InvalidDataException>(() => driver.End);

            var last = driver.Received().Split("\r\n")[^2];
            Assert.True(last.EndsWith(Id, StringComparison.Ordinal) && last[3] == ' ' && last.Length <= 510, last);
            Assert.EndsWith(Id, driver.Handler.Answers[^1], StringComparison.Ordinal);
            signed.UnionWith(driver.Handler.Answers.Where(static answer => answer.EndsWith(Id, StringComparison.Ordinal)).Select(static answer => answer[(answer.IndexOf(' ') + 1)..^Id.Length]));
        }

        // None was forgotten here, and none there.
        Assert.Equal(Ends().Select(static reply => reply.ToString()).Order(), signed.Order());
    }

    // Whatever closes says so, by 421 or in words; and these end a transaction.
    private static IEnumerable<Reply> Ends() => typeof(ServerReplies)
        .GetFields(BindingFlags.Static | BindingFlags.Public).Select(static field => field.GetValue(null)).OfType<Reply>()
        .Where(static reply => reply.Code is 421 or 452 or 552 or 554 || (!reply.IsPositive && reply.ToString().Contains("closing", StringComparison.Ordinal)));

    private static FakeHandler Handler() => new()
    {
        OnMail = static sender => sender.ToString().Contains("bug", StringComparison.Ordinal) ? throw new InvalidDataException() : new(250, 1, 0, "sender OK"),
        OnRecipient = static recipient => new(recipient.ToString().Contains("nobody", StringComparison.Ordinal) ? new Reply(550, 1, 1, "nobody") : new Reply(250, 1, 5, "OK")),
    };
}
