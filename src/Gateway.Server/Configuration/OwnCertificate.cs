using System.Net.Security;
using System.Security.Authentication;

namespace Gateway.Server.Configuration;

/// <summary>The certificate that clients are shown after STARTTLS. Immutable: a renewed one is another.</summary>
public sealed class OwnCertificate
{
    private OwnCertificate(string fingerprint, SslServerAuthenticationOptions authentication) =>
        (Fingerprint, Authentication) = (fingerprint, authentication);

    /// <summary>That of the files when it was read.</summary>
    public string Fingerprint { get; }

    public SslServerAuthenticationOptions Authentication { get; }

    /// <param name="tls">Where it lies; null is nowhere.</param>
    /// <param name="before">The one in use; it stays if the files hold no other.</param>
    /// <exception cref="ConfigurationException">The files cannot be used.</exception>
    public static OwnCertificate? Load(TlsOptions? tls, OwnCertificate? before = null)
    {
        if (tls is null)
            return null;
        var files = CertificateFiles.Read(tls);
        if (before?.Fingerprint == files.Fingerprint)
            return before;
        var (certificate, chain) = files.Parse();
        return new(files.Fingerprint, new()
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain),
            // RFC 8996: nothing below TLS 1.2.
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        });
    }
}
