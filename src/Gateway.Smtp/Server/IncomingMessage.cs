namespace Gateway.Smtp;

/// <summary>A message between its first octet and its last, by DATA or in chunks.</summary>
/// <param name="Bare">What becomes of a CR or LF that stands alone.</param>
/// <param name="Content">Where it goes.</param>
/// <param name="Decoder">How it gets there.</param>
/// <param name="NotAfter">The timestamp at which it must be complete.</param>
internal sealed record IncomingMessage(BareNewline Bare, MessageBuffer Content, DotDecoder Decoder, long NotAfter)
{
    /// <summary>A chunk was refused, and with it the message: each later chunk hears the same (RFC 3030 §2).</summary>
    public Reply? Refusal { get; set; }
}
