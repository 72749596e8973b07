using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Gateway.Smtp.Tests.Server;

/// <summary>The client's end of a session in memory, once TLS is up.</summary>
internal static class TlsClient
{
    public static SmtpServerOptions Options { get; } =
        SessionDriver.Options with { Tls = new SslServerAuthenticationOptions { ServerCertificate = SelfSigned() } };

    public static Task<SslStream> HandshakeAsync(SessionDriver driver) => HandshakeAsync(driver.Client);

    public static async Task<SslStream> HandshakeAsync(IDuplexPipe client)
    {
        var tls = new SslStream(new DuplexPipeStream(client));
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "mx.gateway.test",
            RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate?.Subject == "CN=mx.gateway.test",
        });
        return tls;
    }

    public static async Task<string> AskAsync(SslStream tls, string octets)
    {
        await tls.WriteAsync(Encoding.Latin1.GetBytes(octets));
        return await ReadAsync(tls);
    }

    public static async Task<string> ReadAsync(SslStream tls)
    {
        var block = new byte[4096];
        return Encoding.Latin1.GetString(block, 0, await tls.ReadAsync(block));
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=mx.gateway.test", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        // Windows wants the key in a store of its own, not in the certificate that made it.
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
