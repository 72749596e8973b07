using System.Net;
using System.Security.Cryptography.X509Certificates;
using Gateway.Lab.Conversations;
using Gateway.Lab.SmartHosts;
using Gateway.Lab.Talking;
using Gateway.Smtp;
using Gateway.Tests;

namespace Gateway.Lab.Tests.Talking;

public sealed class SendSessionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<TranscriptLine> _said = [];

    private IEnumerable<string> By(Speaker speaker) => _said.Where(line => line.Speaker == speaker).Select(line => line.Text);

    private static SendRequest Request(EndPoint server, params string[] recipients) => new()
    {
        Connect = new() { Server = server, HeloName = "desk.example", Patience = Patience },
        Helo = "client.example",
        From = new(new("ann", "example.org")),
        Recipients = [.. recipients.DefaultIfEmpty("bob@gateway.test").Select(text => new ForwardPath(new(text.Split('@')[0], text.Split('@')[1])))],
        Message = "Subject: x\r\nX-Y: z\r\n\r\n.dot\r\n"u8.ToArray(),
    };

    private Task<SendReport> RunAsync(SendRequest request) =>
        new SendSession(request, _said.Add, TimeProvider.System).RunAsync(TestContext.Current.CancellationToken);

    /// <summary>With a server that says nothing behind this command: time passes for the session as long as it waits.</summary>
    private async Task<SendReport> RunIntoSilenceAsync(string command, bool interrupts)
    {
        var time = new StagedTime(new(2006, 3, 6, 10, 0, 0, TimeSpan.Zero));
        using var stop = new CancellationTokenSource();
        await using var server = Answering(command, ScriptedSmartHost.Silence);
        var running = new SendSession(Request(server.Endpoint), _said.Add, time).RunAsync(stop.Token);
        await server.HearsAsync(command);
        if (interrupts)
            await stop.CancelAsync();
        while (!running.IsCompleted)
        {
            if (time.IsAwaitedWithin(Patience))
                time.Advance(Patience);
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
        }
        return await running;
    }

    private static ScriptedSmartHost Answering(string command, string answer) =>
        new() { Answers = (_, heard) => heard == command ? answer : null };

    [Fact]
    public async Task An_accepted_message_arrives_and_the_dialogue_reads_as_it_was_spoken()
    {
        await using var server = Answering("EHLO", "250-scripted\r\n250-SIZE 1000\r\n250 8BITMIME");

        var report = await RunAsync(Request(server.Endpoint));

        Assert.Equal((SendVerdict.Accepted, "MESSAGE", 250), (report.Verdict, report.Stage, report.Reply?.Code));
        Assert.Equal("Subject: x\r\nX-Y: z\r\n\r\n..dot\r\n", Assert.Single(server.Messages));
        Assert.Equal(
            ["EHLO client.example", "MAIL FROM:<ann@example.org> SIZE=28", "RCPT TO:<bob@gateway.test>", "DATA", "Subject: x", "X-Y: z", "… (28 octets)", ".", "QUIT"],
            By(Speaker.Client));
        Assert.Equal(
            ["220 scripted", "250-scripted", "250-SIZE 1000", "250 8BITMIME", "250 2.0.0 fine", "250 2.0.0 fine", "354 go on", "250 2.0.0 taken", "221 2.0.0 bye"],
            By(Speaker.Server));
        Assert.Equal(_said.Select(line => line.At).Order(), _said.Select(line => line.At));
    }

    [Theory]
    [InlineData("greeting", "554 5.7.1 go away", SendVerdict.Refused, "GREETING", "the client is refused")]
    [InlineData("greeting", "421 4.3.2 not now", SendVerdict.Deferred, "GREETING", "the server is busy")]
    [InlineData("EHLO", "550 5.7.1 bad name", SendVerdict.Refused, "EHLO", "the name is refused")]
    [InlineData("MAIL", "553 5.1.8 no such domain", SendVerdict.Refused, "MAIL", "the sender is refused")]
    [InlineData("MAIL", "451 4.3.0 later", SendVerdict.Deferred, "MAIL", "the sender is deferred")]
    [InlineData("RCPT", "550-5.7.25 no PTR\r\n550 5.7.25 publish one", SendVerdict.Refused, "RCPT", "a refusal of two lines")]
    [InlineData("RCPT", "450 4.2.0 greylisted", SendVerdict.Deferred, "RCPT", "the recipient is deferred")]
    [InlineData("RCPT", "421 4.3.2 closing", SendVerdict.Deferred, "RCPT", "the server goes")]
    [InlineData("DATA", "554 5.5.1 no", SendVerdict.Refused, "DATA", "no data")]
    [InlineData(".", "554 5.7.1 spam", SendVerdict.Refused, "MESSAGE", "the content is refused")]
    [InlineData(".", "452 4.3.1 full", SendVerdict.Deferred, "MESSAGE", "the content is deferred")]
    public async Task The_first_refusal_is_the_verdict(string command, string answer, SendVerdict verdict, string stage, string reason)
    {
        await using var server = Answering(command, answer);
        var report = await RunAsync(Request(server.Endpoint));
        Assert.True((report.Verdict, report.Stage) == (verdict, stage), reason);
        Assert.Equal(answer[..3], report.Reply?.Code.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal("QUIT", By(Speaker.Client).LastOrDefault());
        Assert.All(answer.Split("\r\n"), line => Assert.Contains(line, By(Speaker.Server)));
    }

    [Theory]
    [InlineData("greeting", ScriptedSmartHost.Hangup, "GREETING", "the server closed the connection", "no greeting")]
    [InlineData("RCPT", ScriptedSmartHost.Hangup, "RCPT", "the server closed the connection", "dropped in the middle")]
    [InlineData(".", ScriptedSmartHost.Hangup, "MESSAGE", "may have accepted the message", "dropped after the dot")]
    [InlineData("EHLO", "hello there", "EHLO", "not an SMTP reply", "something else listens")]
    [InlineData("DATA", "250 thanks", "DATA", "answered DATA with 250", "a positive answer that is none")]
    public async Task What_is_no_answer_is_no_verdict(string command, string answer, string stage, string problem, string reason)
    {
        await using var server = Answering(command, answer);
        var report = await RunAsync(Request(server.Endpoint));
        Assert.True((report.Verdict, report.Stage) == (SendVerdict.Unknown, stage), reason);
        Assert.Contains(problem, report.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_stays_silent_is_waited_for_no_longer_than_was_said()
    {
        var report = await RunIntoSilenceAsync("MAIL", interrupts: false);
        Assert.Equal((SendVerdict.Unknown, "MAIL", "the server did not answer within 60 s"), (report.Verdict, report.Stage, report.Problem));
    }

    [Fact]
    public async Task Who_interrupts_leaves_with_QUIT()
    {
        var report = await RunIntoSilenceAsync("RCPT", interrupts: true);
        Assert.Equal((SendVerdict.Unknown, "RCPT", "interrupted"), (report.Verdict, report.Stage, report.Problem));
        Assert.Equal("QUIT", By(Speaker.Client).Last());
    }

    [Fact]
    public async Task One_refused_recipient_decides_and_the_others_get_the_message()
    {
        var count = 0;
        await using var server = new ScriptedSmartHost { Answers = (_, heard) => heard == "RCPT" && ++count == 2 ? "550 5.1.1 unknown" : null };
        var report = await RunAsync(Request(server.Endpoint, "bob@gateway.test", "nobody@gateway.test", "carol@gateway.test"));
        Assert.Equal((SendVerdict.Refused, "RCPT", 550, 250), (report.Verdict, report.Stage, report.Reply?.Code, report.Message?.Code));
        Assert.Equal([SendVerdict.Accepted, SendVerdict.Refused, SendVerdict.Accepted], report.Recipients.Select(recipient => recipient.Verdict));
        Assert.Single(server.Messages);
    }

    [Fact]
    public async Task A_server_that_knows_no_EHLO_is_greeted_with_HELO()
    {
        await using var server = Answering("EHLO", "502 5.5.1 what?");
        Assert.Equal(SendVerdict.Accepted, (await RunAsync(Request(server.Endpoint))).Verdict);
        Assert.Equal("HELO client.example", server.Heard("HELO"));
        Assert.Equal("MAIL FROM:<ann@example.org>", server.Heard("MAIL"));
    }

    [Fact]
    public async Task Hostile_octets_of_the_server_are_shown_and_never_obeyed()
    {
        await using var server = Answering("RCPT", "550 \x1b[2J\\ \x07 bare\rcr");
        var report = await RunAsync(Request(server.Endpoint));
        Assert.Contains(@"550 \x1B[2J\\ \x07 bare\rcr", By(Speaker.Server));
        Assert.DoesNotContain('\x1b', report.Reply!.ToString());
    }

    [Fact]
    public async Task Parameters_are_those_that_are_offered_and_needed()
    {
        await using var server = Answering("EHLO", "250-scripted\r\n250-8BITMIME\r\n250 SMTPUTF8");
        var request = Request(server.Endpoint) with { From = new(new("jörg", "example.org")), Message = "Subject: x\r\n\r\nGrüße\r\n"u8.ToArray() };
        Assert.Equal(SendVerdict.Accepted, (await RunAsync(request)).Verdict);
        Assert.EndsWith("@example.org> BODY=8BITMIME SMTPUTF8", server.Heard("MAIL"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_beyond_ascii_is_not_said_to_a_server_without_SMTPUTF8()
    {
        await using var server = new ScriptedSmartHost();
        var report = await RunAsync(Request(server.Endpoint) with { From = new(new("jörg", "example.org")) });
        Assert.Equal((SendVerdict.Unknown, "MAIL"), (report.Verdict, report.Stage));
        Assert.DoesNotContain(By(Speaker.Client), line => line.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_password_is_sent_in_the_clear_only_when_asked_for_and_never_shown()
    {
        await using var server = Answering("EHLO", "250-scripted\r\n250 AUTH LOGIN PLAIN");
        var request = Request(server.Endpoint) with { Credentials = new("ann", "s3cret") };
        Assert.Equal((SendVerdict.Unknown, "AUTH"), (await RunAsync(request)) is var first ? (first.Verdict, first.Stage) : default);
        Assert.DoesNotContain(By(Speaker.Client), line => line.StartsWith("AUTH", StringComparison.Ordinal));

        server.Answers = static (_, heard) => heard == "EHLO" ? "250-scripted\r\n250 AUTH LOGIN PLAIN" : heard == "AUTH" ? "235 2.7.0 welcome" : null;
        Assert.Equal(SendVerdict.Accepted, (await RunAsync(request with { AuthenticateInClear = true })).Verdict);
        Assert.Equal("AUTH PLAIN AGFubgBzM2NyZXQ=", server.Heard("AUTH"));
        Assert.Contains("AUTH PLAIN ****", By(Speaker.Client));
        Assert.DoesNotContain(_said, line => line.Text.Contains("AGFubgBzM2NyZXQ=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_PLAIN_is_not_offered_it_is_LOGIN()
    {
        await using var server = new ScriptedSmartHost
        {
            Answers = static (_, heard) => heard switch
            {
                "EHLO" => "250-scripted\r\n250 AUTH LOGIN",
                "AUTH" => "334 VXNlcm5hbWU6",
                "YW5U" or "YW5U=" or "YW5UQA==" => "334 UGFzc3dvcmQ6",
                "CZNJCMV0" => "535 5.7.8 no",
                _ => null,
            },
        };
        var report = await RunAsync(Request(server.Endpoint) with { Credentials = new("ann", "s3cret"), AuthenticateInClear = true });
        Assert.Equal((SendVerdict.Refused, "AUTH", 535), (report.Verdict, report.Stage, report.Reply?.Code));
        Assert.Equal(["AUTH LOGIN", "YW5u", "****", "QUIT"], By(Speaker.Client).Skip(1));
    }

    [Fact]
    public async Task Nobody_listening_is_no_verdict()
    {
        var free = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var endpoint = free.LocalEndpoint;
        free.Stop();
        var report = await RunAsync(Request(endpoint));
        Assert.Equal((SendVerdict.Unknown, "CONNECT"), (report.Verdict, report.Stage));
        Assert.StartsWith($"cannot connect to {endpoint}: ", report.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("250-scripted\r\n250 STARTTLS", "250 2.0.0 never", true, "offered behind STARTTLS only")]
    [InlineData("250-scripted\r\n250-STARTTLS\r\n250 XCLIENT ADDR", "530 5.7.0 Must issue a STARTTLS command first", false, "offered, and refused without TLS")]
    public async Task XCLIENT_that_wants_TLS_gets_it_and_the_clients_dialogue_is_spoken_over_it(string inClear, string refusal, bool isAskedFor, string reason)
    {
        using var files = LabCertificate.Create("scripted", TimeProvider.System.GetUtcNow().AddDays(-1));
        using var pem = X509Certificate2.CreateFromPemFile(files.CertificateFile, files.KeyFile);
        var isSecured = false;
        await using var server = new ScriptedSmartHost
        {
            Certificate = pem,
            Answers = (_, heard) =>
            {
                isSecured |= heard == "STARTTLS";
                return (heard, isSecured) switch
                {
                    ("EHLO", false) => inClear,
                    ("EHLO", true) => "250-scripted\r\n250 XCLIENT ADDR",
                    ("XCLIENT", false) => refusal,
                    ("XCLIENT", true) => "220 somebody else",
                    _ => null,
                };
            },
        };
        var request = Request(server.Endpoint);
        request = request with
        {
            Connect = request.Connect with { Client = IPAddress.Parse("4.3.2.1") },
            StartTls = isAskedFor ? new("scripted", Verify: false) : null,
        };

        var report = await RunAsync(request);

        Assert.True(report.Verdict == SendVerdict.Accepted, $"{reason}: {report.Problem}");
        Assert.StartsWith("TLS 1.", report.Tls, StringComparison.Ordinal);
        Assert.Equal((1, 3), (server.Count("STARTTLS"), server.Count("EHLO")));
        Assert.Equal("220 somebody else", By(Speaker.Server).First());
        Assert.DoesNotContain("STARTTLS", By(Speaker.Client));
    }

    [Fact]
    public async Task XCLIENT_that_wants_TLS_and_gets_none_is_said()
    {
        await using var server = new ScriptedSmartHost
        {
            Answers = static (_, heard) => heard switch { "EHLO" => "250-scripted\r\n250 STARTTLS", "STARTTLS" => "454 4.7.0 not now", _ => null },
        };
        var request = Request(server.Endpoint);

        var report = await RunAsync(request with { Connect = request.Connect with { Client = IPAddress.Parse("4.3.2.1") } });

        Assert.Equal(SendVerdict.Unknown, report.Verdict);
        Assert.StartsWith("the server accepts no XCLIENT without TLS, and the server refused STARTTLS: 454 4.7.0 not now", report.Problem, StringComparison.Ordinal);
    }
}
