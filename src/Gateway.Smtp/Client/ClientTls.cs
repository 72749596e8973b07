using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Smtp;

/// <summary>What a client asks of a TLS handshake.</summary>
/// <param name="HostName">The server's name: sent to it (SNI), and wanted of its certificate.</param>
/// <param name="Verify">The connection is used only if the certificate is the right one. Otherwise any certificate is taken (RFC 7435).</param>
public sealed record ClientTls(string HostName, bool Verify)
{
    /// <summary>What makes a certificate the right one.</summary>
    public ServerTrust Trust { get; init; } = ServerTrust.System;

    /// <param name="judged">Hears why the certificate is not the right one, or null when it is.</param>
    internal SslClientAuthenticationOptions Options(Action<string?> judged) => new()
    {
        TargetHost = HostName,
        // RFC 8996 forbids older versions, also where the system would still allow them.
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        CertificateChainPolicy = Trust.ChainPolicy(),
        RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
        {
            var distrust = Trust.Distrust(certificate as X509Certificate2, chain, errors, HostName);
            judged(distrust);
            return distrust is null || !Verify;
        },
    };
}

/// <summary>What a TLS handshake has agreed on.</summary>
/// <param name="Protocol">The version of TLS.</param>
/// <param name="CipherSuite">The cipher suite.</param>
/// <param name="Subject">The subject of the server's certificate.</param>
/// <param name="Distrust">Why the certificate is not the right one; null when it is.</param>
public sealed record TlsAgreement(SslProtocols Protocol, TlsCipherSuite CipherSuite, string? Subject, string? Distrust)
{
    /// <summary>One line for people, in printable ASCII: <c>TLS 1.3, TLS_AES_256_GCM_SHA384; certificate of CN=mx.example, valid</c>.</summary>
    public override string ToString() => Reply.Printable(
        $"{Version}, {CipherSuite}; certificate of {Subject ?? "none"}, {(Distrust is null ? "valid" : $"not valid: {Distrust}")}");

    // ToString of the enumeration says "Tls13".
    private string Version => Protocol switch
    {
        SslProtocols.Tls13 => "TLS 1.3",
        SslProtocols.Tls12 => "TLS 1.2",
        var other => other.ToString(),
    };
}
