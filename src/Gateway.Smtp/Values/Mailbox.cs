using System.Diagnostics.CodeAnalysis;

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

    /// <summary>Reads <c>local-part@domain</c>, without angle brackets.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out Mailbox? mailbox)
    {
        var cursor = new PathCursor(text);
        return cursor.Mailbox(isForward: false, out mailbox) && cursor.IsAtEnd;
    }

    public override string ToString() => $"{LocalPart}@{Domain}";
}
