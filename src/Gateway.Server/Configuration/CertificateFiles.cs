using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Gateway.Server.Configuration;

/// <summary>
/// The text of a certificate chain and of its private key, each in a file in PEM form. It is read when the configuration is checked, so that
/// a file that is no certificate stops the start with a sentence, when the listeners are made, and whenever the files may have changed.
/// </summary>
public sealed class CertificateFiles
{
    private const string CertificateKey = "Tls.CertificateFile";
    private const string PrivateKeyKey = "Tls.KeyFile";
    private const string CertificateForm = "a readable certificate chain in PEM form";
    private const string PrivateKeyForm = $"the readable private key of the first certificate in {CertificateKey}, in PEM form, not encrypted";

    private readonly TlsOptions _tls;
    private readonly string _certificates;
    private readonly string _privateKey;

    private CertificateFiles(TlsOptions tls, string certificates, string privateKey) =>
        (_tls, _certificates, _privateKey) = (tls, certificates, privateKey);

    /// <summary>Tells one content of the two files from another, and nothing about the key.</summary>
    public string Fingerprint => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{_certificates}\0{_privateKey}")));

    /// <exception cref="ConfigurationException">A file cannot be read.</exception>
    public static CertificateFiles Read(TlsOptions tls) => new(
        tls,
        Try(CertificateKey, tls.CertificateFile, CertificateForm, () => File.ReadAllText(tls.CertificateFile)),
        Try(PrivateKeyKey, tls.KeyFile, PrivateKeyForm, () => File.ReadAllText(tls.KeyFile)));

    /// <exception cref="ConfigurationException">A file is not what it should be, or the two do not belong together.</exception>
    public (X509Certificate2 Certificate, X509Certificate2Collection Chain) Parse()
    {
        var chain = Try(CertificateKey, _tls.CertificateFile, CertificateForm, () =>
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPem(_certificates);
            return certificates.Count > 0 ? certificates : throw new CryptographicException("it holds no certificate");
        });
        var certificate = Try(PrivateKeyKey, _tls.KeyFile, PrivateKeyForm, () => X509Certificate2.CreateFromPem(_certificates, _privateKey));
        return (certificate, chain);
    }

    private static T Try<T>(string key, string file, string form, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(ConfigurationError.Wrong(key, file, $"{form} ({error.Message.ReplaceLineEndings(" ")})"));
        }
    }
}
