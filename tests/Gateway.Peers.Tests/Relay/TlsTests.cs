using System.Security.Cryptography.X509Certificates;
using Gateway.Smtp;
using Gateway.Tests;

namespace Gateway.Peers.Tests.Relay;

/// <summary>TLS and logins between the gateway and SmtpServer.</summary>
public sealed class TlsTests : IDisposable
{
    private const string Unavailable = "451 4.4.1 ";
    private const string LoginWanted = "451 4.3.5 ";

    private readonly GatewayCertificate _own = new();
    private readonly TestAuthority _foreign = new();
    private readonly X509Certificate2 _certificate;

    public TlsTests() => _certificate = _own.Authority.Issue("peer.test").Certificate;

    public void Dispose()
    {
        _own.Dispose();
        _foreign.Dispose();
        _certificate.Dispose();
    }

    [Theory]
    [InlineData("None", "", false, "STARTTLS is offered and not wanted")]
    [InlineData("Opportunistic", "", true, "nobody knows the authority, and TLS without proof is better than none")]
    [InlineData("Required", "CaFile CertificateName", true, "the authority signed the certificate, and the name is right")]
    [InlineData("Required", "PinnedKeys", true, "the public key is the pinned one")]
    [InlineData("Implicit", "CaFile CertificateName", true, "the same with TLS from the first octet")]
    [InlineData("Implicit", "PinnedKeys", true, "and with a pinned key")]
    public async Task A_message_goes_to_the_smart_host_as_securely_as_it_is_configured(string tls, string proofs, bool isSecured, string reason)
    {
        await using var site = await PeerSite.StartAsync(new PeerSmartHost { Certificate = _certificate, IsImplicit = tls == "Implicit" }, Settings(tls, proofs));
        using var client = await site.ConnectAsync();

        await client.SendAsync(Mail.Of());

        Assert.True(site.SmartHost.Message.IsSecured == isSecured, reason);
    }

    [Fact]
    public async Task Opportunistic_TLS_stays_in_the_clear_where_the_smart_host_offers_none()
    {
        await using var site = await PeerSite.StartAsync("SmartHosts:0:Tls=Opportunistic");
        using var client = await site.ConnectAsync();

        await client.SendAsync(Mail.Of());

        Assert.False(site.SmartHost.Message.IsSecured);
    }

    [Theory]
    [InlineData("Required", "", true, "no authority of the system signed the certificate")]
    [InlineData("Required", "CaFile", true, "the certificate carries another name than the address of the smart host")]
    [InlineData("Required", "WrongPin", true, "the public key is another one")]
    [InlineData("Implicit", "", true, "no authority of the system signed the certificate")]
    [InlineData("Required", "CaFile CertificateName", false, "the smart host offers no STARTTLS")]
    public async Task Without_proof_no_message_reaches_the_smart_host_and_the_client_keeps_it(string tls, string proofs, bool hasCertificate, string reason)
    {
        await using var site = await PeerSite.StartAsync(
            new PeerSmartHost { Certificate = hasCertificate ? _certificate : null, IsImplicit = tls == "Implicit" }, Settings(tls, proofs));

        await DeferredAsync(site, Unavailable, reason);
    }

    [Theory]
    [InlineData("AUTH PLAIN LOGIN")]
    [InlineData("AUTH PLAIN")]
    [InlineData("AUTH LOGIN")]
    public async Task The_gateway_logs_in_with_a_mechanism_that_the_smart_host_offers(string offer)
    {
        await using var site = await PeerSite.StartAsync(Locked(offer), [.. Settings("Required", "PinnedKeys"), "SmartHosts:0:UserName=gw@peer.test", "SmartHosts:0:Password=hüsh"]);
        using var client = await site.ConnectAsync();

        await client.SendAsync(Mail.Of());

        Assert.Equal("gw@peer.test", site.SmartHost.Message.User);
    }

    [Theory]
    [InlineData("SmartHosts:0:UserName=gw@peer.test", "SmartHosts:0:Password=wrong", "the password is wrong")]
    [InlineData("SmartHosts:0:UserName=nobody", "SmartHosts:0:Password=hüsh", "there is no such user")]
    [InlineData(null, null, "no login is configured")]
    public async Task A_smart_host_that_refuses_the_login_makes_the_client_keep_the_message(string? user, string? password, string reason)
    {
        await using var site = await PeerSite.StartAsync(Locked("AUTH PLAIN LOGIN"), [.. Settings("Required", "PinnedKeys"), .. new[] { user, password }.OfType<string>()]);

        await DeferredAsync(site, LoginWanted, reason);
    }

    private PeerSmartHost Locked(string offer) => new()
    {
        Certificate = _certificate,
        User = ("gw@peer.test", "hüsh"),
        RequiresLogin = true,
        Extension = line => line.StartsWith("AUTH", StringComparison.Ordinal) ? offer : line,
    };

    private string[] Settings(string tls, string proofs) =>
        [$"SmartHosts:0:Tls={tls}", .. proofs.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(proof => $"SmartHosts:0:{Setting(proof)}")];

    private string Setting(string proof)
    {
        using var other = _foreign.Issue("peer.test").Certificate;
        return proof switch
        {
            "CaFile" => $"CaFile={_own.CaFile}",
            "CertificateName" => "CertificateName=peer.test",
            "PinnedKeys" => $"PinnedKeys:0={PublicKeyPin.Of(_certificate)}",
            _ => $"PinnedKeys:0={PublicKeyPin.Of(other)}",
        };
    }

    private static async Task DeferredAsync(PeerSite site, string reply, string reason)
    {
        using var client = await site.ConnectAsync();
        var refusal = await Assert.ThrowsAsync<MailKit.Net.Smtp.SmtpCommandException>(() => client.SendAsync(Mail.Of()));
        Assert.True($"{(int)refusal.StatusCode} {refusal.Message}".StartsWith(reply, StringComparison.Ordinal), $"{reason}: {refusal.Message}");
        Assert.Empty(site.SmartHost.Messages);
    }
}
