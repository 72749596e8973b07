using Gateway.Server.Configuration;

namespace Gateway.Server.Hosting;

/// <summary>
/// Notices that the files of a certificate hold another one. They are small and read whole: neither links, nor clocks that are set back, nor
/// file systems over a network can hide a change from it. Used by one caller at a time.
/// </summary>
internal sealed class CertificateWatch(ILogger logger)
{
    private string? _suspect;
    private string? _reported;

    /// <summary>Whether the files hold another certificate that can be used.</summary>
    public bool HasChanged(TlsOptions tls, OwnCertificate inUse)
    {
        var content = "";
        try
        {
            var files = CertificateFiles.Read(tls);
            content = files.Fingerprint;
            if (content == inUse.Fingerprint)
            {
                (_suspect, _reported) = (null, null);
                return false;
            }
            using var certificate = files.Parse().Certificate;
            return true;
        }
        catch (ConfigurationException unusable)
        {
            Report($"{content} {unusable.Message}", unusable);
            return false;
        }
    }

    // Said of what is the same at the second look: whoever renews a certificate writes one file after the other, and a file takes its time.
    private void Report(string state, ConfigurationException unusable)
    {
        if (state == _suspect && state != _reported)
        {
            _reported = state;
            HostingLog.CertificateUnusable(logger, unusable.Errors[0].ToString());
        }
        _suspect = state;
    }
}
