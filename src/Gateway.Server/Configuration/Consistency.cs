using System.Net;

namespace Gateway.Server.Configuration;

/// <summary>What no key can get wrong alone: values that do not go together.</summary>
internal static class Consistency
{
    public static IEnumerable<ConfigurationError> MistakesOf(GatewayOptions options) =>
        [
            .. SharedEndpoints(options), .. ProxiesWithoutTrust(options), .. DomainsWithoutRoute(options), .. RecipientProfilesNotAccepted(options),
            .. UsersWhoCannotLogIn(options),
        ];

    private static IEnumerable<ConfigurationError> SharedEndpoints(GatewayOptions options)
    {
        var taken = new HashSet<IPEndPoint>();
        foreach (var listener in options.Listeners)
            if (listener.Endpoint.Port != 0 && !taken.Add(listener.Endpoint))
                yield return new("Listeners", $"name the endpoint {listener.Endpoint} twice: give each listener its own address or port");
        if (options.Web is { Endpoint: var web } && taken.Contains(web))
            yield return ConfigurationError.Wrong("Web.Endpoint", web.ToString(), "an endpoint that no listener uses");
    }

    // It would turn everybody away.
    private static IEnumerable<ConfigurationError> ProxiesWithoutTrust(GatewayOptions options) =>
        from listener in options.Listeners
        where listener.ProxyProtocol && options.Relay.TrustedProxies.Count == 0
        select ConfigurationError.Missing(
            "Relay.TrustedProxies", $"the addresses of the proxies in front of the listener {listener.Endpoint}, because its ProxyProtocol is true");

    // AUTH is offered over TLS only, so that users without a certificate are users who cannot log in.
    private static IEnumerable<ConfigurationError> UsersWhoCannotLogIn(GatewayOptions options)
    {
        if (options is { Users: not null, Tls: null })
            yield return new("Users.File", "needs Tls.CertificateFile and Tls.KeyFile, because users may log in over TLS only: set both");
        for (var i = 0; i < options.Listeners.Count; i++)
        {
            if (!options.Listeners[i].RequireAuthentication)
                continue;
            if (options.Users is null)
                yield return new($"Listeners[{i}].RequireAuthentication", "is true, but Users.File is missing, so nobody could log in and send mail here: set Users.File");
            if (options.Tls is null)
                yield return new($"Listeners[{i}].RequireAuthentication", "needs Tls.CertificateFile and Tls.KeyFile, because users may log in over TLS only: set both");
        }
    }

    // A recipient that is accepted and then has nowhere to go would be refused one by one, late: better not to start.
    private static IEnumerable<ConfigurationError> DomainsWithoutRoute(GatewayOptions options)
    {
        if (options.SmartHosts.Count == 0)
            return [];
        var patterns = options.SmartHosts.SelectMany(host => host.Domains).ToList();
        return from domain in options.Relay.AcceptedDomains
               where !patterns.Any(pattern => DomainPattern.Covers(pattern, domain))
               select new ConfigurationError("SmartHosts", $"have no host for the accepted domain {domain}, so its mail could not be delivered: add it, or \"*\", to the Domains of a smart host");
    }

    // Recipients of a domain that is not ours are refused before any profile is asked.
    private static IEnumerable<ConfigurationError> RecipientProfilesNotAccepted(GatewayOptions options) =>
        from domain in options.Listeners.Select(listener => listener.RecipientProfiles?.Domain).OfType<string>().Distinct()
        where options.Relay.AcceptedDomains.Count > 0 && !options.Relay.AcceptedDomains.Any(pattern => DomainPattern.Covers(pattern, "." + domain))
        select new ConfigurationError("Listeners.RecipientProfiles", $"is \"{domain}\", but Relay.AcceptedDomains does not accept its subdomains: add \".{domain}\" there");
}
