using System.Diagnostics.CodeAnalysis;
using Gateway.Smtp;

namespace Gateway.Server.Delivery;

/// <summary>RFC 5321 §2.4: domains are compared without case; the case of a local part means what its own host says it means.</summary>
internal sealed class RecipientComparer : IEqualityComparer<Mailbox>
{
    public static RecipientComparer Instance { get; } = new();

    public bool Equals(Mailbox? x, Mailbox? y) => ReferenceEquals(x, y) || (x is not null && y is not null
        && x.LocalPart == y.LocalPart && x.Domain.Equals(y.Domain, StringComparison.OrdinalIgnoreCase));

    public int GetHashCode([DisallowNull] Mailbox mailbox) =>
        HashCode.Combine(mailbox.LocalPart, StringComparer.OrdinalIgnoreCase.GetHashCode(mailbox.Domain));
}
