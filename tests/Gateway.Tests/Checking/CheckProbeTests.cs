using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Gateway.Lab.SmartHosts;
using Gateway.Server.Checking;
using Gateway.Smtp;

namespace Gateway.Tests.Checking;

/// <summary>KB895853: an MX record that leads to the wrong (virtual) server loses mail, at random if there are several.</summary>
public sealed class CheckProbeTests
{
    private const string Greeting = "220 mail.shop.example ESMTP ready";

    [Fact]
    public async Task A_host_that_takes_the_domains_mail_is_fine_and_gets_no_message()
    {
        await using var server = Server(("greeting", Greeting), ("EHLO", "250-mail.shop.example\r\n250 SIZE 1000"));

        var (code, output, error) = await ProbeAsync(server);

        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith($"MX hosts of shop.example, tried on port {server.Endpoint.Port}; no message was sent", output, StringComparison.Ordinal);
        Assert.Contains("mail.shop.example [127.0.0.1], preference 10: accepts mail for shop.example", Words(output), StringComparison.Ordinal);
        Assert.Contains("greeting 220 mail.shop.example ESMTP ready", Words(output), StringComparison.Ordinal);
        Assert.Contains("the server does not offer STARTTLS", Words(output), StringComparison.Ordinal);
        Assert.DoesNotContain("calls itself", output, StringComparison.Ordinal);
        Assert.Equal(("MAIL FROM:<>", "RCPT TO:<postmaster@shop.example>"), (server.Heard("MAIL"), server.Heard("RCPT")));
        Assert.Equal((0, 1), (server.Count("DATA"), server.Count("QUIT")));
        Assert.Empty(server.Messages);
    }

    [Theory]
    [InlineData("RCPT", "550 5.7.1 Unable to relay for postmaster@shop.example", 1, "does not accept mail for shop.example: the MX record leads to a server that does not serve this domain")]
    [InlineData("MAIL", "530 5.7.1 Authentication required", 1, "requires authentication (5.7.3), which other mail servers do not have")]
    [InlineData("RCPT", "550 5.7.3 Client was not authenticated", 1, "the MX record leads to the wrong server")]
    [InlineData("RCPT", "550 5.1.1 User unknown", 1, "refuses postmaster@shop.example, although a server must accept this address for each of its domains (RFC 5321 4.5.1)")]
    [InlineData("greeting", "554 no mail from strangers", 1, "refuses")]
    [InlineData("RCPT", "451 4.3.0 later", 2, "asks the client to try again later")]
    [InlineData("greeting", "421 busy", 2, "asks the client to try again later")]
    [InlineData("EHLO", ScriptedSmartHost.Hangup, 2, "no dialogue was possible: the server closed the connection")]
    [InlineData("greeting", "this is no mail server", 2, "no dialogue was possible: the server's answer is not an SMTP reply")]
    public async Task What_the_host_answers_says_whether_it_is_the_right_server(string command, string answer, int expected, string words)
    {
        await using var server = Server((command, answer));

        var (code, output, _) = await ProbeAsync(server);

        Assert.True(expected == code, output);
        Assert.Contains(words, Words(output), StringComparison.Ordinal);
        Assert.Equal(0, server.Count("DATA"));
    }

    [Fact]
    public async Task A_server_that_calls_itself_otherwise_than_the_MX_record_is_named()
    {
        await using var server = Server(("greeting", "220 intern.shop.example ESMTP"), ("EHLO", "250 exchange.shop.example hello"));

        var (_, output, _) = await ProbeAsync(server);

        Assert.Contains("the greeting says intern.shop.example, but the answer to EHLO says exchange.shop.example", Words(output), StringComparison.Ordinal);
        Assert.Contains("the server calls itself exchange.shop.example, but the MX record names mail.shop.example: check that this is the right (virtual) server", Words(output), StringComparison.Ordinal);
        Assert.Contains("mail.shop.example: 127.0.0.1 is private (127.0.0.0/8), so no other server can deliver mail there", Words(output), StringComparison.Ordinal);
    }

    [Fact]
    public async Task STARTTLS_is_used_where_it_is_offered_and_the_certificate_is_shown()
    {
        using var files = LabCertificate.Create("mail.shop.example", TimeProvider.System.GetUtcNow().AddDays(-1));
        using var pem = X509Certificate2.CreateFromPemFile(files.CertificateFile, files.KeyFile);
        await using var server = new ScriptedSmartHost { Certificate = pem, Answers = Answers(("greeting", Greeting), ("EHLO", "250-mail.shop.example\r\n250 STARTTLS")) };

        var (code, output, _) = await ProbeAsync(server);

        Assert.True(code == 0, output);
        Assert.Matches("TLS +TLS 1\\.", output);
        Assert.Equal(2, server.Count("EHLO"));
    }

    [Fact]
    public async Task What_a_strange_server_says_reaches_the_terminal_escaped()
    {
        await using var server = Server(("greeting", "220 mail.shop.example \u001b[2Jhello"));

        var (_, output, _) = await ProbeAsync(server);

        Assert.DoesNotContain('\u001b', output);
        Assert.Contains("[2Jhello", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_domain_may_be_typed_in_the_place_of_the_address_and_JSON_tells_the_same()
    {
        await using var dns = await CheckedDns.StartAsync();
        await using var server = Server(("RCPT", "550 5.7.1 Unable to relay"));

        var (code, output, _) = await dns.CheckAsync(["shop.example", "--probe", "--json", .. Way(server)]);

        Assert.Equal(1, code);
        using var document = JsonDocument.Parse(output);
        var probe = document.RootElement.GetProperty("probe");
        Assert.Equal(["domain", "port", "hosts", "remarks"], probe.EnumerateObject().Select(key => key.Name));
        var host = Assert.Single(probe.GetProperty("hosts").EnumerateArray());
        Assert.Equal(
            ["name", "address", "preference", "verdict", "meaning", "greetingName", "ehloName", "greeting", "startTls", "tls", "code", "status", "words", "remarks"],
            host.EnumerateObject().Select(key => key.Name));
        Assert.Equal(("refusesdomain", 550, "5.7.1"), (host.GetProperty("verdict").GetString(), host.GetProperty("code").GetInt32(), host.GetProperty("status").GetString()));
        Assert.Equal(1, document.RootElement.GetProperty("exitCode").GetInt32());
    }

    [Theory]
    [InlineData("nullmx.lab.test", 1, "it has a null MX record (RFC 7505)")]
    [InlineData("badmx.lab.test", 1, "missing.lab.test has no address in the DNS")]
    [InlineData("servfail.lab.test", 2, "could not look up the MX records of servfail.lab.test")]
    public async Task A_domain_without_a_host_to_greet_is_told(string domain, int expected, string words)
    {
        await using var dns = await CheckedDns.StartAsync();

        var (code, output, _) = await dns.CheckAsync(domain, "--probe");

        Assert.Equal(expected, code);
        Assert.Contains(words, Words(output), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check|--probe", "type the domain in place of the address, or --from user@example.com")]
    [InlineData("check|192.0.2.1|--probe", "--probe needs one domain")]
    [InlineData("check|192.0.2.1|--port|25", "--port needs --probe: it is the port on which --probe connects")]
    public async Task What_cannot_be_greeted_is_wrong_use(string line, string expected)
    {
        var (code, _, error) = await CheckedDns.RunAsync(line.Split('|'));

        Assert.Equal(64, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_servers_behind_one_name_are_told_because_senders_choose_at_random()
    {
        var report = new ProbeReport("shop.example", 25,
        [
            Greeted("192.0.2.1", "front.shop.example", ProbeVerdict.TakesMail), Greeted("192.0.2.2", "intern.shop.example", ProbeVerdict.AsksForAuthentication),
        ], [], IsUnanswered: false);

        var remarks = report.RemarksOnAll().ToList();

        Assert.Equal(1, report.ExitCode);
        Assert.Equal("mail.shop.example has 2 addresses with different servers (front.shop.example at 192.0.2.1, intern.shop.example at 192.0.2.2), so a sender reaches one of them at random", remarks[0]);
        Assert.StartsWith("1 of 2 addresses with the same preference do not accept the mail: senders choose one at random", remarks[1], StringComparison.Ordinal);
    }

    private static GreetedHost Greeted(string address, string name, ProbeVerdict verdict) =>
        new(new("mail.shop.example", new IPEndPoint(IPAddress.Parse(address), 25)) { Preference = 10 }) { Ehlo = new Reply(250, null, name), Verdict = verdict };

    private static ScriptedSmartHost Server(params (string Command, string Answer)[] answers) => new() { Answers = Answers(answers) };

    private static Func<int, string, string?> Answers(params (string Command, string Answer)[] answers) =>
        (_, command) => answers.Where(answer => answer.Command == command).Select(answer => answer.Answer).FirstOrDefault();

    private static string[] Way(ScriptedSmartHost server) =>
        ["--port", $"{server.Endpoint.Port}", "--assume", "shop.example. MX 10 mail.shop.example.", "--assume", "mail.shop.example. A 127.0.0.1"];

    private static async Task<(int Code, string Output, string Error)> ProbeAsync(ScriptedSmartHost server)
    {
        await using var dns = await CheckedDns.StartAsync();
        return await dns.CheckAsync(["--probe", "--from", "user@shop.example", .. Way(server)]);
    }

    private static string Words(string output) => string.Join(' ', output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
