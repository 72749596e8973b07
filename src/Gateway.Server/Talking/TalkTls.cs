using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;

namespace Gateway.Server.Talking;

/// <summary>A handshake that takes any certificate, and tells what it took; or demands a valid one.</summary>
/// <param name="HostName">Said to the server (SNI), and demanded of the certificate.</param>
/// <param name="Verify">Only a certificate that the system trusts, for this name.</param>
public sealed record TalkTls(string HostName, bool Verify)
{
    /// <returns>The secured stream, and what was agreed, in words.</returns>
    /// <exception cref="TalkException">No handshake; what was heard so far is not to be trusted.</exception>
    internal async Task<(SslStream Stream, string Agreed)> SecureAsync(Stream inner, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        var trouble = SslPolicyErrors.None;
        var tls = new SslStream(inner, leaveInnerStreamOpen: false);
        using var silence = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = HostName,
                    RemoteCertificateValidationCallback = (_, _, _, errors) =>
                    {
                        trouble = errors;
                        return errors == SslPolicyErrors.None || !Verify;
                    },
                },
                either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TalkException($"no TLS handshake within {patience.TotalSeconds:0.###} s");
        }
        catch (Exception failed) when (failed is AuthenticationException or IOException or System.ComponentModel.Win32Exception)
        {
            throw new TalkException(trouble != SslPolicyErrors.None ? $"the certificate is not valid: {Words(trouble)}" : $"the TLS handshake failed: {Told(failed)}", failed);
        }
        var subject = Escapes.Show(System.Text.Encoding.UTF8.GetBytes(tls.RemoteCertificate?.Subject ?? "none"));
        var validity = trouble == SslPolicyErrors.None ? "valid" : $"not valid: {Words(trouble)}";
        return (tls, string.Create(CultureInfo.InvariantCulture, $"{Protocol(tls)}, {tls.NegotiatedCipherSuite}; certificate of {subject}, {validity}"));
    }

    // ToString of the enumeration says "Tls13".
    private static string Protocol(SslStream tls) => tls.SslProtocol switch
    {
        SslProtocols.Tls13 => "TLS 1.3",
        SslProtocols.Tls12 => "TLS 1.2",
        var older => older.ToString(),
    };

    private static string Words(SslPolicyErrors errors)
    {
        var words = new List<string>();
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
            words.Add("there is none");
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            words.Add("it is for another name");
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
            words.Add("nobody whom this machine trusts vouches for it");
        return string.Join(", and ", words);
    }

    // The outer exception says "see inner exception".
    private static string Told(Exception failed) => Escapes.Show(System.Text.Encoding.UTF8.GetBytes((failed.InnerException ?? failed).Message));
}
