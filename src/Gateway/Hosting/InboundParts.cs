using System.Net.Security;
using Gateway.Configuration;
using Gateway.Dns;
using Gateway.Inbound;
using Gateway.Policy;
using Gateway.Smtp;
using Gateway.Users;

namespace Gateway.Hosting;

/// <summary>Makes listeners of options: what all of them share is made once.</summary>
public sealed class InboundParts(GatewayOptions options, IDnsResolver resolver, IRelay relay, TimeProvider time)
{
    private readonly FactSources _sources = new(resolver, new() { Deadline = options.Dns.Deadline }, time, PublicSuffixFile.Load(options));
    private readonly Exemptions _exemptions = Exemptions(options.Policy);
    private readonly Authenticator? _logins = options.Users is { } users ? new(users.File, time) : null;
    private readonly RecipientQuota? _quota = options.Users?.RecipientsPerHour is { } perHour ? new(perHour, time) : null;
    private readonly RelayControl _control = new(options.Relay);
    private readonly SmtpServerOptions _smtp = new()
    {
        HostName = options.HostName,
        MaxMessageSize = options.Limits.MessageSize,
        MaxRecipients = options.Limits.Recipients,
        BareNewline = options.Limits.BareNewline,
        CommandTimeout = options.Limits.CommandTimeout,
        DataTimeout = options.Limits.DataTimeout,
        Messages = new(options.Limits.TemporaryFolder, options.Limits.MessageMemory, options.Limits.TotalMemory),
        Tls = options.Tls is { } tls ? Authentication(tls) : null,
        OffersAuth = options.Users is not null,
    };

    public InboundListener Listener(ListenerOptions listener) => new(
        listener.HostName ?? options.HostName, Engine(listener, listener.Profile), _sources, _control, relay, Protocol(listener), options.Limits.ReceivedFields,
        options.Limits.UnknownRecipients, options.Policy.ExplainUrl)
    {
        AuthservId = options.HostName,
        Logins = _logins,
        Quota = _quota,
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

    private static SslServerAuthenticationOptions Authentication(TlsOptions tls)
    {
        var (certificate, chain) = CertificateFiles.Load(tls);
        return new()
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain),
            // RFC 8996: nothing below TLS 1.2.
            EnabledSslProtocols = System.Security.Authentication.SslProtocols.Tls12 | System.Security.Authentication.SslProtocols.Tls13,
        };
    }
}
