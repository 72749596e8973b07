using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Gateway.Commands;
using Gateway.Lab.SmartHosts;

namespace Gateway.Tests.Sending;

public sealed class SendCommandTests
{
    private static async Task<(int Code, string Output, string Error)> SendAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await GatewayCommand.RunAsync(["send", .. arguments], output, error);
        return (code, output.ToString(), error.ToString());
    }

    private static Task<(int Code, string Output, string Error)> SendAsync(IPEndPoint server, params string[] arguments) =>
        SendAsync(["--to", server.ToString(), "--rcpt", "bob@gateway.test", .. arguments]);

    [Theory]
    [InlineData("--rcpt bob@gateway.test ann@good.lab.test", "the recipients belong to 2 domains", "whose server?")]
    [InlineData("--rcpt postmaster", "the recipient postmaster has no domain, so there is no MX host to look up: type --to HOST", "whose postmaster?")]
    [InlineData("--to mx --port 26 --rcpt a@b.test", "as in --to HOST:PORT", "two places for one port")]
    [InlineData("--port 0 --rcpt a@b.test", "--port \"0\" is not a port: type a number from 1 to 65535, such as 25", "no port")]
    [InlineData("--dns here --rcpt a@b.test", "--dns \"here\" is not the address of a DNS server", "no address")]
    [InlineData("--to mx.example.com", "--rcpt", "no recipient")]
    [InlineData("--to x:y --rcpt a@b.test", "--to \"x:y\" is not a server: type one such as", "no port")]
    [InlineData("--to mx --rcpt nobody", "--rcpt \"nobody\" is not a mail address", "no mailbox")]
    [InlineData("--to mx --rcpt a@b.test --from x", "--from \"x\" is not a sender address", "no mailbox")]
    [InlineData("--to mx --rcpt a@b.test --client mail.example.com", "--client \"mail.example.com\" is not an IP address", "a name")]
    [InlineData("--to mx --rcpt a@b.test --client fe80::1%1", "--client \"fe80::1%1\" is not an IP address", "a scope")]
    [InlineData("--to mx --rcpt a@b.test --via q", "--via \"q\" is not known: type auto, bind", "no such way")]
    [InlineData("--to mx --rcpt a@b.test --via bind", "--via bind needs --client ADDRESS", "whom?")]
    [InlineData("--to mx --rcpt a@b.test --name x.example", "--name needs --client: it is the name of that client", "whose?")]
    [InlineData("--to mx --rcpt a@b.test --client 4.3.2.1 --name x.example --via proxy", "--name needs --via xclient or --via auto", "the header has no room")]
    [InlineData("--to mx --rcpt a@b.test --tls=maybe", "--tls \"maybe\" is not known: type --tls=starttls", "no such TLS")]
    [InlineData("--to mx --rcpt a@b.test --verify", "--verify needs --tls: without TLS no certificate is shown", "nothing to verify")]
    [InlineData("--to mx --rcpt a@b.test --patience 0", "--patience \"0\" is not a number of seconds", "no patience")]
    [InlineData("--to mx --rcpt a@b.test --file x --subject y", "--file is the whole message", "two messages")]
    [InlineData("--to mx --rcpt a@b.test --raw", "--raw needs --file", "nothing raw")]
    [InlineData("--to mx --rcpt a@b.test --as sendmail", "--as \"sendmail\" is not known: type --as exchange-2003", "no such server")]
    [InlineData("--to mx --rcpt a@b.test --auth :x", "--auth has no user", "nobody")]
    [InlineData("--to mx --rcpt a@b.test --file /no/such/file.eml", "--file: ", "no file")]
    public async Task Wrong_use_is_64_and_says_what_to_type(string line, string expected, string reason)
    {
        var (code, output, error) = await SendAsync(line.Split(' '));
        Assert.True(code == 64, reason);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Empty(output);
    }

    [Fact]
    public async Task An_accepted_message_is_0_and_reaches_the_smart_host()
    {
        await using var smartHost = CapturingSmartHost.Start(new(IPAddress.Loopback, 0), null, TimeProvider.System);
        await using var gateway = await RunningGateway.StartAsync(smartHost.Endpoint);
        var (code, output, error) = await SendAsync(gateway.Endpoint, "--helo", "client.example", "--subject", "A word", "--body", ".hidden");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("  C: EHLO client.example", output, StringComparison.Ordinal);
        Assert.Matches(@"\naccepted: 250 2\.0\.0 .*\s+$", output);
        var message = Assert.Single(smartHost.Messages);
        Assert.Equal("<postmaster@client.example> <bob@gateway.test>", message.EnvelopeText);
        Assert.Contains("Subject: A word", message.UnfoldedLines);
        Assert.Contains(".hidden", message.UnfoldedLines);
    }

    [Fact]
    public async Task A_refusal_of_a_gateway_is_1_and_leads_to_explain()
    {
        await using var smartHost = new ScriptedSmartHost();
        await using var gateway = await RunningGateway.StartAsync(smartHost.Endpoint);
        var (code, output, _) = await SendAsync("--to", gateway.Endpoint.ToString(), "--rcpt", "eve@elsewhere.example", "--quiet");
        Assert.Equal(1, code);
        var id = (await gateway.EndedAsync()).Id;
        Assert.Equal(
            $"refused at RCPT with 550 5.7.1 Unable to relay for eve@elsewhere.example; id={id}\nTo see why, type \"gateway explain {id}\" on the machine of that gateway.\n",
            output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task A_refusal_is_shown_as_Exchange_2003_would_have_told_it()
    {
        await using var server = new ScriptedSmartHost { Answers = static (_, heard) => heard == "RCPT" ? "550 5.7.1 Unable to relay for bob@gateway.test" : null };

        var (code, output, _) = await SendAsync(server.Endpoint, "--helo", "mail.source.com", "--quiet", "--as", "exchange-2003");

        Assert.Equal(1, code);
        Assert.Contains("    Your message did not reach some or all of the intended recipients.", output, StringComparison.Ordinal);
        Assert.Contains("        <mail.source.com #5.7.1 smtp;550 5.7.1 Unable to relay for bob@gateway.test>", output, StringComparison.Ordinal);
        Assert.Contains("    Event ID: 7004", output, StringComparison.Ordinal);
        Assert.Contains("    Event ID: 1701, 1707, 1709, 1710", output, StringComparison.Ordinal);

        var (_, json, _) = await SendAsync(server.Endpoint, "--helo", "mail.source.com", "--json", "--as", "exchange-2003");
        var told = JsonDocument.Parse(json.TrimEnd().Split('\n')[^1]).RootElement.GetProperty("exchange2003");
        Assert.Equal(7004, told.GetProperty("events")[0].GetProperty("id").GetInt32());
        Assert.Equal("Your message did not reach some or all of the intended recipients.", told.GetProperty("ndr")[0].GetString());
    }

    [Fact]
    public async Task What_was_accepted_leaves_Exchange_2003_nothing_to_tell()
    {
        await using var server = new ScriptedSmartHost();
        var (code, output, _) = await SendAsync(server.Endpoint, "--quiet", "--as", "exchange-2003");
        Assert.Equal(0, code);
        Assert.EndsWith("Exchange 2003 would report nothing: the server accepted the message.\n", output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deferral_is_2()
    {
        await using var server = new ScriptedSmartHost { Answers = static (_, heard) => heard == "MAIL" ? "451 4.3.0 later" : null };
        var (code, output, _) = await SendAsync(server.Endpoint, "--quiet");
        Assert.Equal((2, "deferred at MAIL with 451 4.3.0 later"), (code, output.TrimEnd()));
    }

    [Fact]
    public async Task Json_is_an_object_in_each_line_and_the_result_last()
    {
        await using var server = new ScriptedSmartHost { Answers = static (_, heard) => heard == "RCPT" ? "550 5.1.1 \"no\" <such>" : null };
        var (code, output, _) = await SendAsync(server.Endpoint, "--json");
        Assert.Equal(1, code);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(["stage", "server", "client"], lines.Take(3).Select(line => line.GetProperty("who").GetString()!));
        var result = lines[^1];
        Assert.Equal(("refused", "RCPT", 550, 1), (result.GetProperty("verdict").GetString(), result.GetProperty("stage").GetString(),
            result.GetProperty("code").GetInt32(), result.GetProperty("exitCode").GetInt32()));
        Assert.Equal("550 5.1.1 \"no\" <such>", result.GetProperty("recipients")[0].GetProperty("reply").GetString());
    }

    [Fact]
    public async Task A_file_goes_out_octet_for_octet_but_for_its_line_ends()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, "Subject: file\n\n\xFF.\n.\n"u8.ToArray(), TestContext.Current.CancellationToken);
            await using var server = new ScriptedSmartHost();
            var (code, output, _) = await SendAsync(server.Endpoint, "--file", file);
            Assert.Equal(0, code);
            Assert.Contains("4 bare LF of the message became CRLF", output, StringComparison.Ordinal);
            Assert.Equal(Encoding.Latin1.GetString("Subject: file\r\n\r\n\xFF.\r\n..\r\n"u8), Assert.Single(server.Messages));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task STARTTLS_is_demanded_and_verified_only_when_asked()
    {
        using var files = LabCertificate.Create("mx.gateway.test", TimeProvider.System.GetUtcNow().AddDays(-1));
        await using var server = new ScriptedSmartHost();
        await using var gateway = await RunningGateway.StartAsync(
            server.Endpoint, $"Tls:CertificateFile={files.CertificateFile}", $"Tls:KeyFile={files.KeyFile}");

        var (code, output, _) = await SendAsync(gateway.Endpoint, "--tls");
        Assert.True(code == 0, output);
        Assert.Matches(@"@  TLS has started: TLS 1\.[23], TLS_\w+; certificate of CN=mx\.gateway\.test, not valid: ", output);
        Assert.StartsWith("Tls1", (await gateway.EndedAsync()).Tls, StringComparison.Ordinal);

        (code, output, _) = await SendAsync(gateway.Endpoint, "--tls", "--verify", "--quiet");
        Assert.Equal(2, code);
        Assert.StartsWith("no result (STARTTLS): the certificate is not signed by an authority that this system trusts", output, StringComparison.Ordinal);

        (code, output, _) = await SendAsync(server.Endpoint, "--tls", "--quiet");
        Assert.Equal((2, "no result (STARTTLS): the server does not offer STARTTLS"), (code, output.TrimEnd()));
    }

    [Fact]
    public async Task Implicit_TLS_comes_before_the_greeting()
    {
        using var files = LabCertificate.Create("mx.gateway.test", TimeProvider.System.GetUtcNow().AddDays(-1));
        using var certificate = X509Certificate2.CreateFromPemFile(files.CertificateFile, files.KeyFile);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync();
        var (code, output, _) = await SendAsync((IPEndPoint)listener.LocalEndpoint, "--tls=implicit");
        await serving;
        Assert.Equal(1, code);
        Assert.Matches(@"TLS has started: .*\s+.*S: 554 over TLS", output);

        async Task ServeAsync()
        {
            using var socket = await listener.AcceptSocketAsync();
            await using var tls = new SslStream(new NetworkStream(socket));
            await tls.AuthenticateAsServerAsync(certificate);
            await tls.WriteAsync("554 over TLS\r\n"u8.ToArray());
            using var reader = new StreamReader(tls);
            Assert.Equal("QUIT", await reader.ReadLineAsync());
            await tls.WriteAsync("221 bye\r\n"u8.ToArray());
        }
    }
}
