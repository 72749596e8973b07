using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Smtp;

/// <summary>
/// The SHA-256 digest of a certificate's public key (its SubjectPublicKeyInfo), as RFC 7469 §2.4 defines a pin. A certificate
/// that is renewed with the same key keeps its pin.
/// </summary>
public sealed class PublicKeyPin : IEquatable<PublicKeyPin>
{
    private readonly byte[] _digest;

    private PublicKeyPin(byte[] digest) => _digest = digest;

    public static PublicKeyPin Of(X509Certificate2 certificate) => new(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));

    /// <param name="text">The digest in base64: 44 characters.</param>
    /// <param name="pin">Null when it is none.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out PublicKeyPin? pin)
    {
        var digest = new byte[SHA256.HashSizeInBytes];
        pin = Convert.TryFromBase64String(text, digest, out var length) && length == digest.Length ? new(digest) : null;
        return pin is not null;
    }

    public bool Equals(PublicKeyPin? other) => other is not null && _digest.AsSpan().SequenceEqual(other._digest);

    public override bool Equals(object? obj) => Equals(obj as PublicKeyPin);

    public override int GetHashCode() => BitConverter.ToInt32(_digest);

    public override string ToString() => Convert.ToBase64String(_digest);
}
