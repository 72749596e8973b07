namespace Gateway.Smtp;

/// <summary>
/// A mailbox (RFC 5321 §4.1.2) as it was written: the local part with its quotes, the domain or an address literal in
/// brackets. Spelling is kept, so that what is passed on is what came.
/// </summary>
public sealed record Mailbox(string LocalPart, string Domain)
{
    public bool IsAddressLiteral => Domain.StartsWith('[');

    /// <summary>Whether only SMTPUTF8 can carry it (RFC 6531 §3.3).</summary>
    public bool NeedsSmtpUtf8 => !System.Text.Ascii.IsValid(LocalPart) || !System.Text.Ascii.IsValid(Domain);

    public override string ToString() => $"{LocalPart}@{Domain}";
}
