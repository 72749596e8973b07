using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Smtp;

/// <summary>Decides whether a server's certificate is the right one.</summary>
public abstract class ServerTrust
{
    private const int MostNames = 3;

    private ServerTrust()
    {
    }

    /// <summary>An authority that the system trusts has signed it, and it carries the server's name.</summary>
    public static ServerTrust System { get; } = new ByAuthority(null);

    /// <summary>One of these authorities has signed it, and it carries the server's name.</summary>
    /// <param name="authorities">Called for each connection.</param>
    public static ServerTrust Authorities(Func<X509Certificate2Collection> authorities) => new ByAuthority(authorities);

    /// <summary>The certificate has one of these public keys. Its signature, its name and its dates are not checked.</summary>
    public static ServerTrust PublicKeys(IReadOnlyList<PublicKeyPin> pins) => new ByPublicKey(pins);

    /// <summary>How the chain is built, anew for each connection: the framework writes into it.</summary>
    internal virtual X509ChainPolicy ChainPolicy() => new()
    {
        RevocationMode = X509RevocationMode.NoCheck,
        // A certificate can name a URL of its issuer's certificate. A server that is not trusted yet must not choose what this machine fetches.
        DisableCertificateDownloads = true,
    };

    /// <summary>Why the certificate is not the right one; null when it is.</summary>
    internal abstract string? Distrust(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors, string host);

    private sealed class ByAuthority(Func<X509Certificate2Collection>? authorities) : ServerTrust
    {
        internal override X509ChainPolicy ChainPolicy()
        {
            var policy = base.ChainPolicy();
            if (authorities is null)
                return policy;
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(authorities());
            return policy;
        }

        internal override string? Distrust(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors, string host)
        {
            if (certificate is null)
                return "the server has no certificate";
            if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
                return Problem(certificate, chain, authorities is null ? "an authority that this system trusts" : "an authority of the CA file");
            return errors == SslPolicyErrors.None ? null : $"the certificate is for {Names(certificate)}, not for {host}";
        }
    }

    private sealed class ByPublicKey(IReadOnlyList<PublicKeyPin> pins) : ServerTrust
    {
        internal override string? Distrust(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors, string host)
        {
            if (certificate is null)
                return "the server has no certificate";
            var pin = PublicKeyPin.Of(certificate);
            return pins.Contains(pin) ? null : $"the certificate's public key is {pin}, which is none of the pinned keys";
        }
    }

    private static string Problem(X509Certificate2 certificate, X509Chain? chain, string authority)
    {
        var status = (chain?.ChainStatus ?? []).Aggregate(X509ChainStatusFlags.NoError, static (all, one) => all | one.Status);
        if ((status & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.NotSignatureValid)) != 0)
            return $"the certificate is not signed by {authority}";
        return status.HasFlag(X509ChainStatusFlags.NotTimeValid)
            ? FormattableString.Invariant($"the certificate, or one that it depends on, has expired or is not valid yet (its own dates: {certificate.NotBefore.ToUniversalTime():u} to {certificate.NotAfter.ToUniversalTime():u})")
            : $"the certificate is not valid ({status})";
    }

    private static string Names(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(static extension => extension.EnumerateDnsNames().Concat(extension.EnumerateIPAddresses().Select(static address => address.ToString())))
            .Take(MostNames + 1).ToList();
        return names.Count switch
        {
            0 => "no name",
            > MostNames => $"{string.Join(", ", names.Take(MostNames))} and others",
            _ => string.Join(", ", names),
        };
    }
}
