using System.Security.Authentication;
using System.Text;
using MailKit.Security;

namespace Gateway.Peers.Tests.Inbound;

/// <summary>STARTTLS as MailKit asks for it. Gateway has no port on which TLS begins with the first octet.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly GatewayCertificate _certificate = new();

    public void Dispose() => _certificate.Dispose();

    [Theory]
    [InlineData(SecureSocketOptions.StartTls, SslProtocols.None)]
    [InlineData(SecureSocketOptions.StartTlsWhenAvailable, SslProtocols.None)]
    [InlineData(SecureSocketOptions.Auto, SslProtocols.None)]
    [InlineData(SecureSocketOptions.StartTls, SslProtocols.Tls12)]
    [InlineData(SecureSocketOptions.StartTls, SslProtocols.Tls13)]
    public async Task MailKit_verifies_the_certificate_and_the_message_is_marked_as_sent_over_TLS(SecureSocketOptions security, SslProtocols version)
    {
        Assert.SkipUnless(version != SslProtocols.Tls13 || OperatingSystem.IsLinux(), "not every Windows and macOS has TLS 1.3");
        await using var site = await PeerSite.StartAsync(_certificate.Settings);
        using var client = new MailKitClient(_certificate.Authority);
        if (version != SslProtocols.None)
            client.Smtp.SslProtocols = version;
        await client.ConnectAsync(site.Gateway.Endpoint, security);

        await client.SendAsync(Mail.Of());

        Assert.True(client.Smtp is { IsSecure: true, IsEncrypted: true });
        Assert.Contains(client.Smtp.SslProtocol, version == SslProtocols.None ? [SslProtocols.Tls12, SslProtocols.Tls13] : new[] { version });
        Assert.Contains(" with ESMTPS id ", Encoding.UTF8.GetString(site.SmartHost.Message.Content), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Opportunistic_TLS_stays_in_the_clear_where_the_gateway_has_no_certificate()
    {
        await using var site = await PeerSite.StartAsync();
        using var client = await site.ConnectAsync(SecureSocketOptions.StartTlsWhenAvailable);

        await client.SendAsync(Mail.Of());

        Assert.False(client.Smtp.IsSecure);
        Assert.Contains(" with ESMTP id ", Encoding.UTF8.GetString(site.SmartHost.Message.Content), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Required_TLS_fails_before_any_mail_where_the_gateway_has_no_certificate()
    {
        await using var site = await PeerSite.StartAsync();
        using var client = new MailKitClient();

        await Assert.ThrowsAsync<NotSupportedException>(() => client.ConnectAsync(site.Gateway.Endpoint, SecureSocketOptions.StartTls));

        Assert.Equal(0, (await site.Gateway.EndedAsync()).TransactionCount);
    }

    [Theory]
    [InlineData(true, "an authority that the client does not know")]
    [InlineData(false, "a certificate for another name")]
    public async Task MailKit_sends_nothing_to_a_gateway_with_the_wrong_certificate(bool isForeign, string reason)
    {
        using var other = new GatewayCertificate("mx.other.test");
        await using var site = await PeerSite.StartAsync(other.Settings);
        using var client = new MailKitClient(isForeign ? _certificate.Authority : other.Authority);

        await Assert.ThrowsAsync<SslHandshakeException>(() => client.ConnectAsync(site.Gateway.Endpoint, SecureSocketOptions.StartTls));

        Assert.True((await site.Gateway.EndedAsync()).TransactionCount == 0, reason);
    }

    [Fact]
    public async Task A_TLS_handshake_where_the_greeting_is_expected_fails_and_the_next_client_is_served()
    {
        await using var site = await PeerSite.StartAsync(_certificate.Settings);
        using var client = new MailKitClient(_certificate.Authority);

        await Assert.ThrowsAsync<SslHandshakeException>(() => client.ConnectAsync(site.Gateway.Endpoint, SecureSocketOptions.SslOnConnect));

        Assert.Equal(0, (await site.Gateway.EndedAsync()).TransactionCount);
        using var next = await site.ConnectAsync(SecureSocketOptions.StartTls, _certificate.Authority);
        await next.SendAsync(Mail.Of());
        Assert.Single(site.SmartHost.Messages);
    }

    [Fact]
    public async Task STARTTLS_is_offered_before_the_handshake_only()
    {
        await using var site = await PeerSite.StartAsync(_certificate.Settings);
        using var client = await site.ConnectAsync(SecureSocketOptions.StartTls, _certificate.Authority);

        var offers = client.Dialogue.Select(static (line, at) => (line, at)).Where(static said => said.line is "S: 250 STARTTLS" or "S: 250-STARTTLS").ToList();

        Assert.Equal(2, client.Dialogue.Count(static line => line == "C: EHLO client.example"));
        Assert.True(Assert.Single(offers).at < client.Dialogue.ToList().IndexOf("C: STARTTLS"));
    }
}
