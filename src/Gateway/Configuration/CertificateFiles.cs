using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Configuration;

/// <summary>
/// A certificate with its key and its chain, from files in PEM form. They are read when the configuration is checked, so that a
/// file that is no certificate stops the start with a sentence, and again when the listeners are made.
/// </summary>
public static class CertificateFiles
{
    /// <exception cref="ConfigurationException">A file cannot be read, is not what it should be, or the two do not belong together.</exception>
    public static (X509Certificate2 Certificate, X509Certificate2Collection Chain) Load(TlsOptions tls)
    {
        var chain = Read(tls.CertificateFile, "Tls.CertificateFile", "a readable certificate chain in PEM form", static file =>
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPemFile(file);
            return certificates.Count > 0 ? certificates : throw new CryptographicException("it holds no certificate");
        });
        var certificate = Read(tls.KeyFile, "Tls.KeyFile", "the readable private key of the first certificate in Tls.CertificateFile, in PEM form, not encrypted",
            file => X509Certificate2.CreateFromPemFile(tls.CertificateFile, file));
        return (certificate, chain);
    }

    private static T Read<T>(string file, string key, string allowed, Func<string, T> read)
    {
        try
        {
            return read(file);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(ConfigurationError.Wrong(key, file, $"{allowed} ({error.Message.ReplaceLineEndings(" ")})"));
        }
    }
}
