using Gateway.Lab.SmartHosts;
using Gateway.Tests;

namespace Gateway.Server.Tests.Hosting;

public sealed class StartTlsTests
{
    [Fact]
    public async Task Over_TLS_the_client_begins_anew_and_the_trace_says_so()
    {
        using var files = LabCertificate.Create("mx.gateway.test", TimeProvider.System.GetUtcNow().AddDays(-1));
        await using var server = new ScriptedSmartHost();
        await using var gateway = await RunningGateway.StartAsync(
            server.Endpoint, $"Tls:CertificateFile={files.CertificateFile}", $"Tls:KeyFile={files.KeyFile}");
        await using var client = await SmtpTalk.ConnectAsync(gateway.Endpoint);
        await client.HearAsync();
        Assert.EndsWith("\n250 STARTTLS", await client.SayAsync("EHLO before.example"), StringComparison.Ordinal);
        Assert.StartsWith("220 ", await client.SayAsync("STARTTLS"), StringComparison.Ordinal);

        await client.SecureAsync();

        // RFC 3207 §4.2: what was said before is forgotten.
        Assert.StartsWith("503 ", await client.SayAsync("MAIL FROM:<ann@example.org>"), StringComparison.Ordinal);
        Assert.DoesNotContain("STARTTLS", await client.SayAsync("EHLO after.example"), StringComparison.Ordinal);
        await client.PostAsync("Subject: x\r\n\r\nhello\r\n", "bob@gateway.test");
        Assert.StartsWith("250 ", await client.HearAsync(), StringComparison.Ordinal);
        await client.SayAsync("QUIT");

        var record = await gateway.EndedAsync();
        Assert.StartsWith("Tls1", record.Tls, StringComparison.Ordinal);
        Assert.Equal("after.example", record.Helo?.Name);
        var message = Assert.Single(server.Messages);
        Assert.Contains("Received: from after.example ", message, StringComparison.Ordinal);
        Assert.Contains($" with ESMTPS id {record.Id}.1\r\n\t({record.Tls})\r\n", message, StringComparison.Ordinal);
    }
}
