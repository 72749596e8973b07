using System.Net;
using Gateway.Policy;
using Gateway.Policy.Facts;
using Gateway.Server.Configuration;
using Gateway.Server.Users;
using Gateway.Smtp;

namespace Gateway.Server.Inbound;

/// <summary>What the connections of one listener share: those that begin with it end with it. Immutable.</summary>
/// <param name="HostName">Ours.</param>
/// <param name="Engine">The policy.</param>
/// <param name="Sources">Where facts about clients come from.</param>
/// <param name="RelayControl">Who may send where.</param>
/// <param name="Relay">Takes the messages.</param>
/// <param name="Smtp">The protocol's limits.</param>
/// <param name="MaxReceivedFields">More are a loop (RFC 5321 §6.3).</param>
/// <param name="ExplainUrl">For replies; null leaves it out.</param>
public sealed record InboundListener(
    string HostName,
    PolicyEngine Engine,
    FactSources Sources,
    RelayControl RelayControl,
    IRelay Relay,
    SmtpServerOptions Smtp,
    int MaxReceivedFields,
    string? ExplainUrl)
{
    /// <summary>How many connections there may be.</summary>
    public required LimitOptions Limits { get; init; }

    /// <summary>Whose Authentication-Results ours are (RFC 8601 §2.5): the same for all listeners, whatever they call themselves.</summary>
    public string AuthservId { get; init; } = HostName;

    /// <summary>Null: <see cref="Engine"/> judges all recipients.</summary>
    public RecipientProfiles? ByRecipient { get; init; }

    /// <summary>Who may say where a connection really comes from, by PROXY or XCLIENT.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>A PROXY header is required: there is no way to tell a client that may leave it out from one that pretends.</summary>
    public bool IsProxied { get; init; }

    public bool Trusts(IPAddress peer)
    {
        foreach (var network in TrustedProxies)
            if (network.Contains(peer))
                return true;
        return false;
    }

    /// <summary>Knows who may log in; null when nobody may.</summary>
    public Authenticator? Logins { get; init; }

    /// <summary>How much a user may send; null is no limit.</summary>
    public RecipientQuota? Quota { get; init; }

    /// <summary>Anonymous access is off.</summary>
    public bool RequiresAuthentication { get; init; }

    /// <summary>Unless the profile has a greeting of its own. RFC 5321 §4.2: the name, and that we speak ESMTP.</summary>
    public Reply Greeting { get; } = new(220, null, $"{HostName} ESMTP Gateway");
}
