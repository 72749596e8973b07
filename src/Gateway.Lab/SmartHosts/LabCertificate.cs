using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Lab.SmartHosts;

/// <summary>A self-signed certificate in temporary files, for STARTTLS in the lab.</summary>
public sealed class LabCertificate : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gateway-lab-");

    private LabCertificate()
    {
    }

    public string CertificateFile => Path.Combine(_folder.FullName, "certificate.pem");

    public string KeyFile => Path.Combine(_folder.FullName, "key.pem");

    public static LabCertificate Create(string hostName, DateTimeOffset from)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(hostName);
        var request = new CertificateRequest($"CN={hostName}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(from, from.AddYears(1));
        var files = new LabCertificate();
        File.WriteAllText(files.CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(files.KeyFile, key.ExportPkcs8PrivateKeyPem());
        return files;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
