using System.Net;
using Gateway.Server.Configuration;
using Gateway.Smtp;

namespace Gateway.Server.Inbound;

/// <summary>
/// Never an open relay: the recipient must be ours, or the client allowed to relay. Asked on its own for every recipient,
/// outside every policy; no profile, check or exemption can answer for it.
/// </summary>
public sealed class RelayControl(RelayOptions options)
{
    /// <summary>The relay network that holds the address; null when none does.</summary>
    public IPNetwork? NetworkOf(IPAddress client)
    {
        foreach (var network in options.Networks)
            if (network.Contains(client))
                return network;
        return null;
    }

    /// <summary>Whether this client, or who authenticated from there, may send to anybody.</summary>
    public bool MayRelay(IPAddress? client, string? user) => (user is not null && options.Authenticated) || (client is not null && NetworkOf(client) is not null);

    /// <summary>Null when the recipient may be accepted, else the refusal.</summary>
    /// <param name="client">Its address; null when a proxy speaks for somebody and does not say for whom.</param>
    /// <param name="user">As whom it has authenticated; null when it has not.</param>
    /// <param name="recipient">Ours, or anybody's.</param>
    public Reply? Judge(IPAddress? client, string? user, ForwardPath recipient)
    {
        if (MayRelay(client, user))
            return null;
        if (!IsOurs(recipient))
            return UnableToRelay(recipient);
        return HidesForeignAddress(recipient.Mailbox.LocalPart) ? UnableToRelay(recipient) : null;
    }

    /// <summary>Whether it is in an accepted domain.</summary>
    public bool IsOurs(ForwardPath recipient)
    {
        // RFC 5321 §4.5.1: postmaster without a domain is always ours.
        if (recipient.IsBarePostmaster)
            return true;
        foreach (var pattern in options.AcceptedDomains)
            if (DomainPattern.Matches(pattern, recipient.Mailbox.Domain))
                return true;
        return false;
    }

    /// <summary>
    /// user%elsewhere@ours, elsewhere!user@ours and "user@elsewhere"@ours: a server behind us may take the local part apart
    /// and relay (RFC 5321 §3.6.1 deprecates them; KB304897 tests for them). Quotes do not hide anything.
    /// </summary>
    private static bool HidesForeignAddress(string localPart) => localPart.AsSpan().ContainsAny('%', '!', '@');

    // RFC 5321 §3.6.2: 550 is the reply of a server that declines to relay.
    private static Reply UnableToRelay(ForwardPath recipient) => new(550, 7, 1, $"Unable to relay for {recipient.Mailbox}");
}
