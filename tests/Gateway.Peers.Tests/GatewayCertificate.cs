using Gateway.Tests;

namespace Gateway.Peers.Tests;

/// <summary>An authority made in memory, a certificate that it signed for the gateway, and the files that the gateway reads.</summary>
internal sealed class GatewayCertificate : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gateway-peers-");

    public GatewayCertificate(string name = MailKitClient.GatewayName)
    {
        var (certificate, key) = Authority.Issue(name);
        using (certificate)
            File.WriteAllText(PathOf("certificate.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(PathOf("key.pem"), key);
        File.WriteAllText(PathOf("ca.pem"), Authority.Pem);
    }

    public TestAuthority Authority { get; } = new();

    /// <summary>The settings with which the gateway offers STARTTLS.</summary>
    public string[] Settings => [$"Tls:CertificateFile={PathOf("certificate.pem")}", $"Tls:KeyFile={PathOf("key.pem")}"];

    /// <summary>The certificate of the authority, for <c>SmartHosts[].CaFile</c>.</summary>
    public string CaFile => PathOf("ca.pem");

    private string PathOf(string file) => Path.Combine(_folder.FullName, file);

    public void Dispose()
    {
        Authority.Dispose();
        _folder.Delete(recursive: true);
    }
}
