using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.EndToEnd;

/// <summary>A certificate that nobody has a reason to trust.</summary>
internal static class TestCertificate
{
    /// <summary>Writes the key and the certificate into one PEM file, in the order in which Postfix wants them.</summary>
    public static string Write(TempFolder temp, string hostName)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={hostName}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var path = temp.Path($"{hostName}.pem");
        File.WriteAllText(path, $"{key.ExportPkcs8PrivateKeyPem()}\n{certificate.ExportCertificatePem()}\n");
        return path;
    }
}
