using System.Security.Cryptography.X509Certificates;
using Gateway.Lab.Conversations;
using Gateway.Smtp;
using Gateway.Tests;

namespace Gateway.Server.Tests.Delivery;

/// <summary>Whom a smart host must prove to be, and what an attacker between gets who breaks the proof: nothing.</summary>
public sealed class SmartHostTlsTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TestAuthority _authority = new();
    private readonly X509Certificate2 _certificate;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gateway-tls-");

    public SmartHostTlsTests() => _certificate = _authority.Issue("mx.inside.test").Certificate;

    private string CaFile => Path.Combine(_folder.FullName, "ca.pem");

    private string Pin => PublicKeyPin.Of(_certificate).ToString();

    [Theory]
    [InlineData("EHLO", "250 scripted", "STARTTLS taken out of the offer")]
    [InlineData("EHLO", "502 5.5.1 what?", "EHLO refused, so that HELO offers nothing")]
    [InlineData("STARTTLS", "454 4.7.0 not now", "STARTTLS refused for now")]
    [InlineData("STARTTLS", "502 5.5.1 no", "or for good")]
    [InlineData("STARTTLS", "250 fine", "or answered with something else")]
    [InlineData("STARTTLS", "220 go on\r\n250 STARTTLS is not needed", "words in the clear behind the answer")]
    [InlineData("STARTTLS", ScriptedSmartHost.Hangup, "the connection cut before the handshake")]
    [InlineData("STARTTLS", "220 go on", "a handshake that is answered with plain text")]
    public async Task Where_TLS_is_required_no_failure_of_it_lets_mail_or_a_password_go_in_the_clear(string command, string said, string reason)
    {
        await using var server = new ScriptedSmartHost { Answers = (_, asked) => asked == command ? said : Offer(asked) };
        await using var host = Deliveries.To(server.Endpoint, TimeProvider.System,
            "SmartHosts:0:Tls=Required", $"SmartHosts:0:PinnedKeys:0={Pin}", "SmartHosts:0:UserName=gw", "SmartHosts:0:Password=hush");

        for (var i = 0; i < 3; i++)
            Assert.True(await host.SendAsync() is { Reply.Code: 451 }, reason);

        Assert.Equal(3, server.Connections);
        Assert.All(new[] { "MAIL", "AUTH", "RCPT", "DATA" }, heard => Assert.Equal(0, server.Count(heard)));
    }

    [Theory]
    [InlineData("none", "CertificateName=mx.inside.test", "not signed by an authority that this system trusts")]
    [InlineData("none", "PinnedKeys:0=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "which is none of the pinned keys")]
    [InlineData("ours", "CertificateName=mx.other.test", "the certificate is for mx.inside.test, not for mx.other.test")]
    [InlineData("ours", "Port=SAME", "the certificate is for mx.inside.test, not for 127.0.0.1")]
    [InlineData("foreign", "CertificateName=mx.inside.test", "not signed by an authority of the CA file")]
    public async Task A_certificate_that_is_not_the_right_one_defers_the_mail_and_the_reason_says_why(string authority, string setting, string reason)
    {
        using var foreign = new TestAuthority();
        await File.WriteAllTextAsync(CaFile, authority == "foreign" ? foreign.Pem : _authority.Pem, TestContext.Current.CancellationToken);
        await using var server = new ScriptedSmartHost { Certificate = _certificate, Answers = static (_, asked) => Offer(asked) };
        var port = server.Endpoint.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        string[] settings = ["SmartHosts:0:Tls=Required", $"SmartHosts:0:{setting.Replace("SAME", port, StringComparison.Ordinal)}"];
        await using var host = Deliveries.To(server.Endpoint, TimeProvider.System,
            authority == "none" ? settings : [.. settings, $"SmartHosts:0:CaFile={CaFile}"]);

        var result = await host.SendAsync();

        Assert.Equal("451 4.4.1 Next hop unavailable, try again later", result.Reply.ToString());
        Assert.Contains(reason, result.Note, StringComparison.Ordinal);
        Assert.Equal(0, server.Count("MAIL"));
    }

    [Theory]
    [InlineData("CertificateName=mx.inside.test")]
    [InlineData("PinnedKeys:0=PIN")]
    public async Task A_certificate_that_is_the_right_one_lets_the_password_go(string setting)
    {
        await File.WriteAllTextAsync(CaFile, _authority.Pem, TestContext.Current.CancellationToken);
        await using var server = new ScriptedSmartHost { Certificate = _certificate, Answers = static (_, asked) => Offer(asked) };
        string[] settings =
        [
            "SmartHosts:0:Tls=Required", "SmartHosts:0:UserName=gw", "SmartHosts:0:Password=hush", $"SmartHosts:0:{setting.Replace("PIN", Pin, StringComparison.Ordinal)}",
        ];
        await using var host = Deliveries.To(server.Endpoint, TimeProvider.System,
            setting.StartsWith("Pinned", StringComparison.Ordinal) ? settings : [.. settings, $"SmartHosts:0:CaFile={CaFile}"]);

        Assert.Equal(250, (await host.SendAsync()).Reply.Code);
        Assert.Equal(1, server.Count("AUTH PLAIN"));
    }

    [Fact]
    public async Task A_CA_file_that_changes_is_used_without_a_restart_and_one_that_is_broken_is_not()
    {
        var time = new StagedTime(Start);
        using var old = new TestAuthority();
        await WriteAsync(old.Pem, 1);
        await using var server = new ScriptedSmartHost { Certificate = _certificate, Answers = static (_, asked) => Offer(asked) };
        await using var host = Deliveries.To(server.Endpoint, time, "SmartHosts:0:Tls=Required", $"SmartHosts:0:CaFile={CaFile}",
            "SmartHosts:0:CertificateName=mx.inside.test", "SmartHosts:0:IdleTimeout=00:00:01");
        Assert.Equal(451, (await host.SendAsync()).Reply.Code);

        await WriteAsync($"{old.Pem}\n{_authority.Pem}", 2);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(250, (await host.SendAsync()).Reply.Code);

        await WriteAsync("no certificate", 3);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(await host.SendAsync() is { Reply.Code: 250, WasReused: false });
    }

    private async Task WriteAsync(string text, int version)
    {
        await File.WriteAllTextAsync(CaFile, text, TestContext.Current.CancellationToken);
        File.SetLastWriteTimeUtc(CaFile, Start.UtcDateTime.AddMinutes(version));
    }

    private static string? Offer(string asked) => asked switch
    {
        "EHLO" => "250-scripted\r\n250-STARTTLS\r\n250 AUTH PLAIN",
        "AUTH" => "235 2.7.0 welcome",
        _ => null,
    };

    public void Dispose()
    {
        _authority.Dispose();
        _certificate.Dispose();
        _folder.Delete(recursive: true);
    }
}
