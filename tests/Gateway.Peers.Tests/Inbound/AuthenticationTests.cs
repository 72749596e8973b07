using System.Text;
using Gateway.Tests;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace Gateway.Peers.Tests.Inbound;

/// <summary>Users who log in with MailKit, as a mail program does.</summary>
public sealed class AuthenticationTests : IDisposable
{
    private const string Abroad = "bob@elsewhere.example";

    private readonly GatewayCertificate _certificate = new();
    private readonly UsersFolder _users = new(("ann", "secret"), ("jürgen@gateway.test", "pässwörd 密码"), ("colon", "a:b\\c\"d"));

    public void Dispose()
    {
        _certificate.Dispose();
        _users.Dispose();
    }

    private string[] Settings => [.. _certificate.Settings, $"Users:File={_users.File}"];

    [Theory]
    [InlineData("PLAIN", "ann", "secret")]
    [InlineData("LOGIN", "ann", "secret")]
    [InlineData("PLAIN", "jürgen@gateway.test", "pässwörd 密码")]
    [InlineData("LOGIN", "jürgen@gateway.test", "pässwörd 密码")]
    [InlineData("PLAIN", "colon", "a:b\\c\"d")]
    [InlineData("LOGIN", "colon", "a:b\\c\"d")]
    public async Task A_user_logs_in_and_may_relay(string mechanism, string name, string password)
    {
        await using var site = await PeerSite.StartAsync(Settings);
        using var client = await site.ConnectAsync(SecureSocketOptions.StartTls, _certificate.Authority);

        await client.Smtp.AuthenticateAsync(
            mechanism == "PLAIN" ? new SaslMechanismPlain(Encoding.UTF8, name, password) : new SaslMechanismLogin(Encoding.UTF8, name, password), TestContext.Current.CancellationToken);
        await client.SendAsync(Mail.Of(recipients: Abroad));
        await client.Smtp.DisconnectAsync(quit: true, TestContext.Current.CancellationToken);

        Assert.Equal($"AUTH {mechanism}", client.Command("AUTH")[..(5 + mechanism.Length)]);
        Assert.Equal([Abroad], site.SmartHost.Message.Recipients);
        Assert.Contains(" with ESMTPSA id ", Encoding.UTF8.GetString(site.SmartHost.Message.Content), StringComparison.Ordinal);
        Assert.Equal(name, (await site.Gateway.EndedAsync()).User);
    }

    [Theory]
    [InlineData("ann", "a wrong password")]
    [InlineData("nobody", "a name that does not exist")]
    public async Task A_failed_login_says_535_and_the_same_session_may_try_again(string name, string reason)
    {
        await using var site = await PeerSite.StartAsync(Settings);
        using var client = await site.ConnectAsync(SecureSocketOptions.StartTls, _certificate.Authority);

        var failure = await Assert.ThrowsAsync<AuthenticationException>(() =>
            client.Smtp.AuthenticateAsync(new SaslMechanismPlain(name, "guess"), TestContext.Current.CancellationToken));
        await client.Smtp.AuthenticateAsync("ann", "secret", TestContext.Current.CancellationToken);
        await client.SendAsync(Mail.Of(recipients: Abroad));

        Assert.True(failure.Message.StartsWith("535: 5.7.8 Authentication credentials invalid", StringComparison.Ordinal), $"{reason}: {failure.Message}");
        Assert.Single(site.SmartHost.Messages);
    }

    [Fact]
    public async Task AUTH_is_not_offered_in_the_clear_so_MailKit_sends_no_password()
    {
        await using var site = await PeerSite.StartAsync(Settings);
        using var client = await site.ConnectAsync();

        await Assert.ThrowsAsync<NotSupportedException>(() => client.Smtp.AuthenticateAsync("ann", "secret", TestContext.Current.CancellationToken));

        Assert.Empty(client.Smtp.AuthenticationMechanisms);
        Assert.DoesNotContain(client.Dialogue, static line => line.StartsWith("C: AUTH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task MailKit_reads_the_mechanisms_that_the_gateway_offers_over_TLS()
    {
        await using var site = await PeerSite.StartAsync(Settings);
        using var client = await site.ConnectAsync(SecureSocketOptions.StartTls, _certificate.Authority);

        Assert.Equal(["LOGIN", "PLAIN"], client.Smtp.AuthenticationMechanisms.Order());
    }

    [Fact]
    public async Task Without_a_login_a_listener_for_users_takes_no_mail()
    {
        await using var site = await PeerSite.StartAsync([.. Settings, "Listeners:0:RequireAuthentication=true"]);
        using var client = await site.ConnectAsync(SecureSocketOptions.StartTls, _certificate.Authority);

        // MailKit reads "log in first" from the code 530, wherever it stands.
        await Assert.ThrowsAsync<MailKit.ServiceNotAuthenticatedException>(() => client.SendAsync(Mail.Of()));

        await client.Smtp.AuthenticateAsync("ann", "secret", TestContext.Current.CancellationToken);
        await client.SendAsync(Mail.Of());
        Assert.Single(site.SmartHost.Messages);
    }

    [Fact]
    public async Task Without_a_login_nobody_relays()
    {
        await using var site = await PeerSite.StartAsync(Settings);
        using var client = await site.ConnectAsync(SecureSocketOptions.StartTls, _certificate.Authority);

        var refusal = await Assert.ThrowsAsync<SmtpCommandException>(() => client.SendAsync(Mail.Of(recipients: Abroad)));

        Assert.Equal((SmtpErrorCode.RecipientNotAccepted, 550, (string?)Abroad), (refusal.ErrorCode, (int)refusal.StatusCode, refusal.Mailbox?.Address));
        Assert.StartsWith("5.7.1 Unable to relay", refusal.Message, StringComparison.Ordinal);
    }
}
