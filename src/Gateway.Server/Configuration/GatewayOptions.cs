using System.Net;
using System.Text.Json.Serialization;
using Gateway.Dns;
using Gateway.Policy;
using Gateway.Policy.Profiles;
using Gateway.Smtp;

namespace Gateway.Server.Configuration;

/// <summary>The whole configuration, read and checked: an immutable snapshot. docs/configuration.md describes each key.</summary>
public sealed record GatewayOptions
{
    /// <summary>The name in the greeting, the trace fields and EHLO to smart hosts, and the authserv-id of RFC 8601 §2.5.</summary>
    public required string HostName { get; init; }

    public required IReadOnlyList<ListenerOptions> Listeners { get; init; }
    public required DnsOptions Dns { get; init; }
    public required PolicyOptions Policy { get; init; }
    public required RelayOptions Relay { get; init; }
    public required IReadOnlyList<SmartHostOptions> SmartHosts { get; init; }
    public required DeliveryOptions Delivery { get; init; }
    public required LimitOptions Limits { get; init; }
    public required TlsOptions? Tls { get; init; }

    /// <summary>Null: nobody can authenticate.</summary>
    public required UsersOptions? Users { get; init; }

    /// <summary>Null: no page is served.</summary>
    public required WebOptions? Web { get; init; }

    public required LogOptions Log { get; init; }

    /// <summary>Null: no journal is kept.</summary>
    public required JournalOptions? Journal { get; init; }

    /// <summary>What works, and should be written otherwise: each is told at the start, at a reload and by <c>config check</c>.</summary>
    [JsonIgnore]
    public IReadOnlyList<ConfigurationWarning> Warnings { get; init; } = [];
}

/// <summary>One address where mail comes in.</summary>
/// <param name="Endpoint">Port 0 takes any free port; the log says which.</param>
/// <param name="Profile">The policy: a built-in one, or a file of <see cref="PolicyOptions.ProfilesFolder"/>.</param>
/// <param name="RefuseAt">Overrides the profile's.</param>
public sealed record ListenerOptions(IPEndPoint Endpoint, Profile Profile, Stage? RefuseAt)
{
    /// <summary>What this listener calls itself; null: as <see cref="GatewayOptions.HostName"/> says.</summary>
    public string? HostName { get; init; }

    /// <summary>Every connection begins with a PROXY header, and comes from a trusted proxy.</summary>
    public bool ProxyProtocol { get; init; }

    /// <summary>Anonymous access is off: MAIL before AUTH is refused.</summary>
    public bool RequireAuthentication { get; init; }

    /// <summary>Null: <see cref="Profile"/> judges all recipients.</summary>
    public RecipientProfileOptions? RecipientProfiles { get; init; }

    /// <summary>Whoever waits for the recipient cannot refuse before.</summary>
    public Stage RefusesAt(Profile profile) =>
        (RefuseAt ?? profile.RefuseAt) is var stage && RecipientProfiles is not null && stage < Stage.Recipient ? Stage.Recipient : stage;
}

/// <summary>A domain below which the first part of a recipient's domain names the profile that judges: somebody@gmail.strict.test.</summary>
/// <param name="Domain">Such as <c>strict.test</c>.</param>
/// <param name="Profiles">All that can be named.</param>
public sealed record RecipientProfileOptions(string Domain, IReadOnlyList<Profile> Profiles);

/// <param name="Servers">Empty: the system's.</param>
/// <param name="Deadline">For all look-ups about one client together.</param>
public sealed record DnsOptions(IReadOnlyList<IPEndPoint> Servers, TimeSpan Deadline);

/// <param name="ExemptPrivate">Loopback, private and link-local clients are not judged.</param>
/// <param name="ExemptNetworks">Clients that are not judged.</param>
/// <param name="ExemptNames">Domains whose hosts, by their confirmed name, are not judged.</param>
/// <param name="ExemptLists">Lists of addresses in the DNS (RFC 5782) whose entries are not judged.</param>
/// <param name="ExemptSenders">Addresses or domains of reverse-paths that are not judged.</param>
/// <param name="ExemptRecipients">Local parts or addresses for which no client is judged.</param>
/// <param name="ProfilesFolder">More profiles, a file each.</param>
/// <param name="PublicSuffixFile">The list of public suffixes; null looks where systems keep it.</param>
/// <param name="ExplainUrl">What <c>{url}</c> in replies stands for; null leaves it out.</param>
public sealed record PolicyOptions(
    bool ExemptPrivate,
    IReadOnlyList<IPNetwork> ExemptNetworks,
    IReadOnlyList<DomainName> ExemptNames,
    IReadOnlyList<DomainName> ExemptLists,
    IReadOnlyList<string> ExemptSenders,
    IReadOnlyList<string> ExemptRecipients,
    string? ProfilesFolder,
    string? PublicSuffixFile,
    string? ExplainUrl);

/// <param name="AcceptedDomains">Domains whose mail is taken from anybody; <c>.example.com</c> means all below it.</param>
/// <param name="Networks">Clients that may send to any domain.</param>
/// <param name="TrustedProxies">Who may say where a connection really comes from.</param>
public sealed record RelayOptions(
    IReadOnlyList<string> AcceptedDomains,
    IReadOnlyList<IPNetwork> Networks,
    IReadOnlyList<IPNetwork> TrustedProxies)
{
    /// <summary>An authenticated client may send to any domain.</summary>
    public bool Authenticated { get; init; } = true;
}

/// <summary>What to do with 8-bit content for a smart host without 8BITMIME (RFC 6152 §3).</summary>
public enum EightBitHandling
{
    /// <summary>Send it unchanged, and write that down.</summary>
    Pass,

    /// <summary>554 5.6.3.</summary>
    Refuse,
}

/// <summary>A server that takes the mail of some domains.</summary>
public sealed record SmartHostOptions
{
    /// <summary>An address or a name; names are looked up in the DNS (A and AAAA, no MX).</summary>
    public required string Host { get; init; }

    public required int Port { get; init; }
    public required TlsUse Tls { get; init; }

    /// <summary>Recipient domains; <c>*</c> is every domain, <c>.example.com</c> all below it.</summary>
    public required IReadOnlyList<string> Domains { get; init; }

    /// <summary>The name that the certificate must carry; null: <see cref="Host"/>.</summary>
    public required string? CertificateName { get; init; }

    /// <summary>Authorities in PEM form that are trusted instead of the system's; read again when the file changes.</summary>
    public required string? CaFile { get; init; }

    /// <summary>Public keys of which the certificate must have one; nothing else about it counts then. Empty: none is pinned.</summary>
    public required IReadOnlyList<PublicKeyPin> PinnedKeys { get; init; }

    public required string? UserName { get; init; }
    public required string? Password { get; init; }
    public required EightBitHandling EightBit { get; init; }

    /// <summary>Connections at once; a message beyond waits for its turn.</summary>
    public required int MaxConnections { get; init; }

    /// <summary>How long an unused connection is kept.</summary>
    public required TimeSpan IdleTimeout { get; init; }

    public required TimeSpan ConnectTimeout { get; init; }

    /// <summary>Recipients in accepted domains are asked for at RCPT.</summary>
    public required bool VerifyRecipients { get; init; }

    /// <summary>Whether it is the same server, whatever else is said of it.</summary>
    public bool IsSameServer(SmartHostOptions other) => Port == other.Port && Host.Equals(other.Host, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether connections to the two are made in the same way, and are as good for one as for the other.</summary>
    public bool ConnectsLike(SmartHostOptions other) => WithoutUse == other.WithoutUse && PinnedKeys.SequenceEqual(other.PinnedKeys);

    /// <summary>All but what is done with connections once they are made, and lists, which are compared item by item.</summary>
    private SmartHostOptions WithoutUse => this with
    {
        Domains = [],
        PinnedKeys = [],
        MaxConnections = 0,
        IdleTimeout = default,
        VerifyRecipients = false,
    };

    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}

/// <summary>When the client hears the fate of its message.</summary>
public enum DeliveryMode
{
    /// <summary>It waits until the smart host has answered.</summary>
    Inline,
}

/// <summary>What to do while the smart host cannot be had.</summary>
public enum WhenDown
{
    /// <summary>451 4.4.1: the client keeps the message.</summary>
    Defer,
}

/// <param name="Mode">When the client is answered.</param>
/// <param name="WhenDown">What happens while there is no smart host.</param>
/// <param name="Deadline">From the end of the client's data until the smart host has the whole message.</param>
/// <param name="FinalReplyDeadline">From the end of the client's data until the smart host has confirmed it; the client waits 10 minutes (RFC 5321 §4.5.3.2.6).</param>
public sealed record DeliveryOptions(DeliveryMode Mode, WhenDown WhenDown, TimeSpan Deadline, TimeSpan FinalReplyDeadline);

public sealed record LimitOptions
{
    /// <summary>Octets.</summary>
    public required long MessageSize { get; init; }

    public required int Recipients { get; init; }

    /// <summary>Recipients of a session that do not exist; the next one ends it.</summary>
    public required int UnknownRecipients { get; init; }

    public required int Connections { get; init; }
    public required int ConnectionsPerClient { get; init; }
    public required BareNewline BareNewline { get; init; }

    /// <summary>The same for clients in <see cref="RelayOptions.Networks"/> and users.</summary>
    public required BareNewline OwnClientBareNewline { get; init; }

    /// <summary>Commands that move no mail, of a session of whoever is no client of ours; the next one ends it.</summary>
    public required int JunkCommands { get; init; }

    /// <summary>Input before the reply to a command that ends a pipelined group (RFC 2920 §3.1) ends the session.</summary>
    public required bool RefuseEarlyInput { get; init; }

    /// <summary>Received fields that make a loop (RFC 5321 §6.3).</summary>
    public required int ReceivedFields { get; init; }

    public required TimeSpan CommandTimeout { get; init; }
    public required TimeSpan DataTimeout { get; init; }

    /// <summary>How long a stop waits for messages in flight.</summary>
    public required TimeSpan StopTimeout { get; init; }

    /// <summary>Octets of one message that stay in memory; the rest lies in a temporary file.</summary>
    public required int MessageMemory { get; init; }

    /// <summary>Octets of all messages in memory together.</summary>
    public required long TotalMemory { get; init; }

    /// <summary>For temporary files.</summary>
    public required string TemporaryFolder { get; init; }
}

/// <summary>STARTTLS for clients: files in PEM form.</summary>
public sealed record TlsOptions(string CertificateFile, string KeyFile);

/// <summary>Who may authenticate.</summary>
/// <param name="File">Names and hashed passwords, made by <c>gateway user</c>; read again when it changes.</param>
/// <param name="RecipientsPerHour">For each user; null is no limit.</param>
public sealed record UsersOptions(string File, int? RecipientsPerHour);

/// <summary>Where /health is served over HTTP.</summary>
public sealed record WebOptions(IPEndPoint Endpoint);

public enum LogFormat
{
    /// <summary>One line for people.</summary>
    Text,

    /// <summary>One JSON object a line.</summary>
    Json,
}

public sealed record LogOptions(LogFormat Format);

/// <summary>Where the records of sessions are kept for <c>explain</c> and <c>stats</c>.</summary>
/// <param name="File">A SQLite database; made when it is not there.</param>
/// <param name="MaxAge">Older sessions go.</param>
/// <param name="MaxSize">Octets; when the file is larger, the oldest sessions go.</param>
public sealed record JournalOptions(string File, TimeSpan MaxAge, long MaxSize);
