namespace Gateway.Smtp;

/// <summary>BODY of RFC 6152 §2.</summary>
public enum BodyType
{
    Unspecified,
    SevenBit,
    EightBitMime,
}

/// <summary>What stood behind the reverse-path in MAIL.</summary>
/// <param name="Size">Octets, as declared by SIZE (RFC 1870 §6); null when not.</param>
/// <param name="Body">BODY (RFC 6152).</param>
/// <param name="SmtpUtf8">SMTPUTF8 (RFC 6531 §3.4).</param>
public readonly record struct MailParameters(long? Size = null, BodyType Body = BodyType.Unspecified, bool SmtpUtf8 = false)
{
    /// <summary>AUTH was given (RFC 4954 §5): read over, for nothing here trusts a client's word about whom another has authenticated.</summary>
    public bool HasAuth { get; init; }
}

/// <summary>A mail transaction's envelope (RFC 5321 §2.3.1).</summary>
public sealed record Envelope(ReversePath Sender, IReadOnlyList<ForwardPath> Recipients, MailParameters Parameters);
