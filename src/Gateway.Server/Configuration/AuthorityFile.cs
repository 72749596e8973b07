using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Server.Configuration;

/// <summary>The certificates of authorities, from a file in PEM form.</summary>
internal static class AuthorityFile
{
    /// <exception cref="IOException">The file cannot be read, or holds no certificate.</exception>
    public static X509Certificate2Collection Load(string file)
    {
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(file);
            return authorities.Count > 0 ? authorities : throw new IOException("it holds no certificate");
        }
        catch (Exception error) when (error is CryptographicException or UnauthorizedAccessException)
        {
            throw new IOException(error.Message.ReplaceLineEndings(" "), error);
        }
    }

    /// <summary>Null when the file can be used.</summary>
    public static string? WhyNot(string file)
    {
        try
        {
            foreach (var authority in Load(file))
                authority.Dispose();
            return null;
        }
        catch (IOException error)
        {
            return error.Message;
        }
    }
}
