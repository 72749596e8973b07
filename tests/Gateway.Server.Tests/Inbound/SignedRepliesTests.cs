using Gateway.Lab.Conversations;
using Gateway.Lab.Talking;
using Gateway.Smtp;
using Gateway.Tests;

namespace Gateway.Server.Tests.Inbound;

/// <summary>Every 4yz and 5yz reply that ends a transaction or the session carries the session's id, whoever made it.</summary>
public sealed class SignedRepliesTests
{
    private const string Hello = "C: EHLO client.example\nS* 250-…\nS: 250 …\n";
    private const string Sender = "C: MAIL FROM:<ann@good.lab.test>\nS: 250 …\n";
    private const string Recipient = Hello + Sender + "C: RCPT TO:<bob@gateway.test>\nS: 250 …\n";
    private const string Data = Recipient + "C: DATA\nS: 354 …\n";
    private const string Greeting = "S: 220 …\n";
    private const string Users = "@config Users:File = ../kb895853/users\n";

    public static TheoryData<string, string, string> Ends() => new()
    {
        // The engine's.
        { "", Greeting + Hello + "C: MAIL FROM:<ann@good.lab.test> SIZE=99999999999\n", "552 5.3.4" },
        { "@config Limits:MessageSize = 65536\n", Greeting + Data + "C> \\{x*70000}\\r\\n.\\r\\n\n", "552 5.3.4" },
        { "", Greeting + Data + "C> a\\nb\\r\\n.\\r\\n\n", "550 5.6.11" },
        { "", Greeting + Data + "C> \\x00\\r\\n.\\r\\n\n", "550 5.6.0" },
        { "", Greeting + Hello + Sender + "C: RCPT TO:<bob@elsewhere.example>\nS: 550 …\nC: DATA\n", "554 5.5.1" },
        { "@config Limits:Recipients = 100\n", Greeting + Recipient + string.Concat(Enumerable.Repeat("C: RCPT TO:<bob@gateway.test>\nS: 250 …\n", 99)) + "C: RCPT TO:<bob@gateway.test>\n", "452 4.5.3" },
        { "", Greeting + Hello + "C: BDAT x\n", "501 5.5.4" },
        { "", Greeting + "@advance 00:05:00\n", "421 4.4.2" },
        { "", Greeting + string.Concat(Enumerable.Repeat("C: WHAT\nS: 500 …\n", 10)) + "C: WHAT\n", "421 4.7.0" },
        { "@config Limits:JunkCommands = 10\n", Greeting + Hello + string.Concat(Enumerable.Repeat("C: NOOP\nS: 250 …\n", 9)) + "C: NOOP\n", "421 4.7.0" },
        { "@whole\n", Greeting + "C: NOOP\nC: NOOP\n", "503 5.5.0" },
        { "", Greeting + "C: GET / HTTP/1.1\n", "421 4.7.0" },
        { "@whole\n" + Users, Greeting + Hello + "C: STARTTLS\nC: NOOP\n", "554 5.5.1" },

        // The product's.
        { "", Greeting + Data + string.Concat(Enumerable.Repeat("C: Received: x\n", 100)) + "C:\nC: .\n", "554 5.4.6" },
        { "", Greeting + Data + "C> X: \\{x*270000}\\r\\n\\r\\n.\\r\\n\n", "552 5.3.4" },
        { "@config Limits:UnknownRecipients = 1\n@smarthost RCPT 550 5.1.1 Unknown\n", Greeting + Hello + Sender + "C: RCPT TO:<a@gateway.test>\nS: 550 …\nC: RCPT TO:<b@gateway.test>\n", "421 4.7.0" },
        { Users + "@config Listeners:0:RequireAuthentication = true\n", Greeting + Hello + "C: MAIL FROM:<ann@good.lab.test>\n", "530 5.7.3" },
        { "@config Limits:ConnectionsPerClient = 1\n@config Relay:TrustedProxies:0 = 198.51.100.10\n@config Listeners:0:ProxyProtocol = true\n", "", "421 mx.gateway.test This port" },
        { "@config Relay:TrustedProxies:0 = 192.0.2.10\n@config Listeners:0:ProxyProtocol = true\n", "C: HELLO\n", "421 mx.gateway.test This port expects a PROXY header first" },
        { "@config Relay:TrustedProxies:0 = 192.0.2.10\n@config Listeners:0:ProxyProtocol = true\n", "@advance 00:00:10\n", "421 mx.gateway.test The PROXY header" },

        // The policy's.
        { "@client 192.0.2.20\n@config Listeners:0:RefuseAt = Connect\n", "", "554 " },
        { "@client 192.0.2.20\n@config Listeners:0:RefuseAt = Connect\n", "S* 554-…\nS: 554 …\nC: EHLO client.example\n", "503 5.5.1" },
        { "@client 192.0.2.20\n@config Listeners:0:RefuseAt = Mail\n", Greeting + Hello + "C: MAIL FROM:<ann@good.lab.test>\n", "550 5.7.25" },
        { "@client 192.0.2.20\n@config Listeners:0:RefuseAt = Data\n", Greeting + Data + "C: .\n", "550 5.7.25" },
        { "@client 192.0.2.50\n@config Listeners:0:RefuseAt = Connect\n", "", "421 " },

        // The next hop's, and what is said in its place.
        { "@smarthost END 554 5.7.1 Not this one\n", Greeting + Data + "C: .\n", "554 5.7.1 Not this one" },
        { "@smarthost END 452 4.3.1 Disk is full\n", Greeting + Data + "C: .\n", "452 4.3.1 Disk is full" },
        { "@config SmartHosts:0:VerifyRecipients = false\n@smarthost down\n", Greeting + Data + "C: .\n", "451 4.4.1" },
        { "@config SmartHosts:0:VerifyRecipients = false\n@smarthost RCPT 550 5.1.1 Unknown\n", Greeting + Data + "C: .\n", "550 5.1.1" },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task A_reply_that_ends_a_transaction_or_the_session_carries_the_sessions_id(string circumstances, string dialogue, string reply)
    {
        // The file itself is not there; the users it names are.
        var path = Path.Combine(Repository.Root, "tests", "Conversations", "protocol", "signed.smtp");
        var conversation = ConversationReader.Read(path, $"# Signed\n{circumstances}{dialogue}S* {reply[..3]}-…\nS: {reply}…\n@close\n");
        await using var scene = new MemoryScene(conversation);

        var performance = await new ConversationPlayer(TimeProvider.System, TimeSpan.FromSeconds(20))
            .PlayAsync(conversation, scene, Chunking.Whole, TestContext.Current.CancellationToken);

        Assert.True(performance.IsFaithful, performance.ToString());
        var last = performance.Transcript.Last(static line => line.Speaker == Speaker.Server).Text;
        Assert.EndsWith($"id={scene.Record!.Id}", last, StringComparison.Ordinal);
        Assert.True(last.Length <= 510, last);
    }

    [Fact]
    public async Task So_does_the_reply_of_a_server_that_stops()
    {
        await using var server = new ScriptedSmartHost();
        await using var gateway = await RunningGateway.StartAsync(server.Endpoint);
        await using var client = await SmtpTalk.GreetedAsync(gateway.Endpoint);

        var stopping = gateway.StopAsync();

        Assert.EndsWith($"id={(await gateway.EndedAsync()).Id}", await client.HearAsync(), StringComparison.Ordinal);
        await stopping;
    }

    [Fact]
    public async Task So_does_the_reply_of_a_server_that_has_too_many_connections()
    {
        await using var server = new ScriptedSmartHost();
        await using var gateway = await RunningGateway.StartAsync(server.Endpoint, "Limits:ConnectionsPerClient=1");
        await using var first = await SmtpTalk.GreetedAsync(gateway.Endpoint);
        await using var second = await SmtpTalk.ConnectAsync(gateway.Endpoint);

        var reply = await second.HearAsync();

        Assert.StartsWith("421 ", reply, StringComparison.Ordinal);
        Assert.EndsWith($"id={(await gateway.EndedAsync()).Id}", reply, StringComparison.Ordinal);
    }

    // The longest that a reply of ours can be, and one octet more than a line.
    [Theory]
    [InlineData(400)]
    [InlineData(480)]
    [InlineData(600)]
    public void A_reply_stays_within_512_octets_a_line_with_the_id(int length)
    {
        var session = new Session(new() { HostName = "mx.gateway.test" }) { Id = "01KK1A2B3C4D5" };

        var signed = session.Signed(new(554, 7, 1, string.Join(' ', Enumerable.Repeat("word", length / 5))));

        var lines = System.Text.Encoding.ASCII.GetString(signed.Wire.Span).Split("\r\n")[..^1];
        Assert.All(lines, static line => Assert.InRange(line.Length, 1, 510));
        Assert.EndsWith("; id=01KK1A2B3C4D5", lines[^1], StringComparison.Ordinal);
    }
}
