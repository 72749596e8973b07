using Gateway.Dns;
using Gateway.Policy;
using Gateway.Policy.Facts;
using Gateway.Policy.Profiles;
using Gateway.Server.Configuration;
using Gateway.Server.Inbound;
using Gateway.Server.Users;
using Gateway.Smtp;

namespace Gateway.Server.Hosting;

/// <summary>Makes listeners of options: what all of them share is made once.</summary>
/// <param name="options">The configuration.</param>
/// <param name="resolver">Asked about clients.</param>
/// <param name="certificate">For STARTTLS; null offers none.</param>
/// <param name="time">The clock.</param>
/// <param name="before">
/// The parts in use until now. What they remember goes on in these: login guesses, users' recipients, memory that messages hold.
/// </param>
/// <param name="logger">Asked for when there is something to tell the operator about lists of addresses; null tells nobody.</param>
public sealed class InboundParts(
    GatewayOptions options, IDnsResolver resolver, OwnCertificate? certificate, TimeProvider time, InboundParts? before = null,
    Func<ILogger>? logger = null)
{
    private readonly FactSources _sources = new(
        resolver, new() { Deadline = options.Dns.Deadline }, time, PublicSuffixFile.Load(options),
        logger is null ? null : (zone, trouble) => ResolverLog.ListUnusable(logger(), zone, trouble));

    private readonly Exemptions _exemptions = Exemptions(options.Policy);

    // These two stay when there are no users for a while: who guessed and who sent too much is known when they come back.
    private readonly Authenticator? _logins = options.Users is { } users ? before?._logins?.With(users.File) ?? new(users.File, time) : before?._logins;
    private readonly RecipientQuota? _quota = options.Users?.RecipientsPerHour is { } perHour ? before?._quota?.With(perHour) ?? new(perHour, time) : before?._quota;
    private readonly RelayControl _control = new(options.Relay);
    private readonly SmtpServerOptions _smtp = new()
    {
        HostName = options.HostName,
        MaxMessageSize = options.Limits.MessageSize,
        MaxRecipients = options.Limits.Recipients,
        BareNewline = options.Limits.BareNewline,
        OwnClientBareNewline = options.Limits.OwnClientBareNewline,
        MaxJunkCommands = options.Limits.JunkCommands,
        MaxUnknownRecipients = options.Limits.UnknownRecipients,
        RefusesEarlyInput = options.Limits.RefuseEarlyInput,
        CommandTimeout = options.Limits.CommandTimeout,
        DataTimeout = options.Limits.DataTimeout,
        Messages = Messages(options.Limits, before?._smtp.Messages),
        Tls = certificate?.Authentication,
        OffersAuth = options.Users is not null,
    };

    /// <param name="listener">One of the configuration.</param>
    /// <param name="relay">Takes the messages.</param>
    public InboundListener Listener(ListenerOptions listener, IRelay relay) => new(
        listener.HostName ?? options.HostName, Engine(listener, listener.Profile), _sources, _control, relay, Protocol(listener), options.Limits.ReceivedFields,
        options.Policy.ExplainUrl)
    {
        Limits = options.Limits,
        AuthservId = options.HostName,
        Logins = options.Users is null ? null : _logins,
        Quota = options.Users?.RecipientsPerHour is null ? null : _quota,
        RequiresAuthentication = listener.RequireAuthentication,
        TrustedProxies = options.Relay.TrustedProxies,
        IsProxied = listener.ProxyProtocol,
        ByRecipient = listener.RecipientProfiles is { } named
            ? new(named.Domain, named.Profiles.Select(profile => Engine(listener, profile)))
            : null,
    };

    private SmtpServerOptions Protocol(ListenerOptions listener)
    {
        var extensions = listener.Profile.Dialogue?.Extensions;
        return listener.HostName is null && extensions is null ? _smtp
            : _smtp with { HostName = listener.HostName ?? options.HostName, Extensions = extensions };
    }

    private PolicyEngine Engine(ListenerOptions listener, Profile profile) => new(profile, _exemptions, listener.RefusesAt(profile));

    /// <summary>Hears of a users file that was changed.</summary>
    public void LogTo(ILogger logger) => _logins?.LogTo(logger);

    private static Exemptions Exemptions(PolicyOptions policy) => new()
    {
        ExemptPrivate = policy.ExemptPrivate,
        Networks = policy.ExemptNetworks,
        Names = policy.ExemptNames,
        Lists = policy.ExemptLists,
        Senders = policy.ExemptSenders,
        Recipients = policy.ExemptRecipients,
    };

    private static MessageStore Messages(LimitOptions limits, MessageStore? before) =>
        before?.With(limits.TemporaryFolder, limits.MessageMemory, limits.TotalMemory)
        ?? new(limits.TemporaryFolder, limits.MessageMemory, limits.TotalMemory);
}
