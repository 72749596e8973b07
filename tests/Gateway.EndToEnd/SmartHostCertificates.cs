using System.Text.Json.Nodes;
using Gateway.Smtp;
using Gateway.Tests;

namespace Gateway.EndToEnd;

/// <summary>A Postfix with a certificate of an authority of its own, and a Gateway that is told in several ways whom to believe.</summary>
public sealed class SmartHostCertificates : IDisposable
{
    private const string Client = "127.1.0.20", Name = "mail.inside.test";
    private static readonly byte[] Content = GeneratedMail.Plain("plain", "hello\r\n").Content;

    private readonly TempFolder _temp = new();
    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _foreign = new();

    [Theory]
    [InlineData("its authority and its name", null)]
    [InlineData("its authority and another name", "the certificate is for mail.inside.test, not for mail.other.test")]
    [InlineData("its authority and its address", "the certificate is for mail.inside.test, not for 127.0.0.1")]
    [InlineData("another authority", "the certificate is not signed by an authority of the CA file")]
    [InlineData("the system", "the certificate is not signed by an authority that this system trusts")]
    [InlineData("its public key", null)]
    [InlineData("another public key", "which is none of the pinned keys")]
    public async Task Mail_goes_to_a_smart_host_that_proves_to_be_the_one_that_is_configured(string trusted, string? problem)
    {
        var (certificate, key) = _authority.Issue(Name);
        using var _ = certificate;
        var chain = _temp.Path("smarthost.pem");
        await File.WriteAllTextAsync(chain, $"{key}\n{certificate.ExportCertificatePem()}\n{_authority.Pem}\n", TestContext.Current.CancellationToken);
        await using var site = await Site.StartAsync([new("standard")], configuration =>
        {
            var host = configuration["SmartHosts"]![0]!.AsObject();
            host["Tls"] = "Required";
            foreach (var (setting, value) in Settings(trusted, PublicKeyPin.Of(certificate)))
                host[setting] = value;
        }, smartHostLimits: $"smtpd_tls_chain_files = {chain}\nsmtpd_tls_security_level = may\nsmtpd_tls_received_header = yes");
        await using var wire = await site.ConnectAsync(Client);

        var reply = await wire.TrySendAsync("ann@sender.test", "secret@gw.test", Content);

        if (problem is null)
        {
            Assert.Equal(250, reply.Code);
            var arrived = await site.SmartHost.ArrivedForAsync("secret@gw.test");
            Assert.Contains("using TLSv1.", arrived.Fields("Received")[0], StringComparison.Ordinal);
            return;
        }
        Assert.True(reply.Begins("451 4.4.1 "), reply.Text);
        Assert.Equal(0, site.SmartHost.ArrivedCount);
        await Poll.UntilAsync("the log tells why", () => Task.FromResult(site.Gateway.Output.Contains(problem, StringComparison.Ordinal)), () => site.Gateway.Output);
    }

    private IEnumerable<(string Key, JsonNode Value)> Settings(string trusted, PublicKeyPin pin) => trusted switch
    {
        "its authority and its name" => [("CaFile", CaFile(_authority)), ("CertificateName", Name)],
        "its authority and another name" => [("CaFile", CaFile(_authority)), ("CertificateName", "mail.other.test")],
        "its authority and its address" => [("CaFile", CaFile(_authority))],
        "another authority" => [("CaFile", CaFile(_foreign)), ("CertificateName", Name)],
        "its public key" => [("PinnedKeys", new JsonArray(pin.ToString()))],
        "another public key" => [("PinnedKeys", new JsonArray(Convert.ToBase64String(new byte[32])))],
        _ => [("CertificateName", Name)],
    };

    private string CaFile(TestAuthority authority)
    {
        var file = _temp.Path("ca.pem");
        File.WriteAllText(file, authority.Pem);
        return file;
    }

    public void Dispose()
    {
        _authority.Dispose();
        _foreign.Dispose();
        _temp.Dispose();
    }
}
