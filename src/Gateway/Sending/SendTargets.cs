using System.CommandLine;
using System.Net;
using Gateway.Dns;
using Gateway.Server.Checking;
using Gateway.Smtp;

namespace Gateway.Sending;

/// <summary>Finds the servers to which <c>gateway send</c> may connect: the one in --to, or the MX hosts of the recipients' domain.</summary>
internal static class SendTargets
{
    /// <summary>The time limit for all lookups of a name together.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <exception cref="OperationCanceledException">The command was interrupted.</exception>
    public static async Task<MailHosts> FindAsync(ParseResult parsed, Action<string> stage, CancellationToken cancellationToken)
    {
        var isImplicit = parsed.GetValue(SendOptions.Tls) == TlsUse.Implicit;
        var servers = parsed.GetValue(SendOptions.DnsServers) ?? [];
        var lookup = new MailHostLookup(Resolver(servers), stage);
        if (parsed.GetValue(SendOptions.To) is { } server)
        {
            var endpoint = server.Endpoint(isImplicit);
            return servers.Length > 0 && endpoint is DnsEndPoint named && InternationalName.TryParse(named.Host, out var host)
                ? await lookup.OfHostAsync(host, named.Port, cancellationToken)
                : new([new(server.Host, endpoint)], null);
        }
        var port = parsed.GetValue(SendOptions.Port) ?? SendArguments.DefaultPort(isImplicit);
        var domain = parsed.GetValue(SendOptions.Recipients)![0].Mailbox.Domain;
        return Literal(domain) is { } address
            ? new([new(address.ToString(), new IPEndPoint(address, port))], null)
            : await lookup.OfDomainAsync(domain, port, cancellationToken);
    }

    /// <summary>Returns why the recipients name no server; null if they do. Without --to, all of them must have the same domain.</summary>
    public static string? WhyNoTarget(IReadOnlyList<ForwardPath> recipients)
    {
        var domains = recipients.Select(static recipient => recipient.Mailbox.Domain).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        return domains switch
        {
            [""] => "the recipient postmaster has no domain, so there is no MX host to look up: type --to HOST",
            { Count: > 1 } => $"the recipients belong to {domains.Count} domains, each with its own MX hosts: type --to HOST, or send to one domain at a time",
            _ => null,
        };
    }

    // RFC 5321 §4.1.3: user@[192.0.2.1] names the host itself.
    private static IPAddress? Literal(string domain) =>
        domain is ['[', .. var between, ']'] && IPAddress.TryParse(between.Replace("IPv6:", "", StringComparison.OrdinalIgnoreCase), out var address) ? address : null;

    private static StubResolver Resolver(IPEndPoint[] servers) =>
        new(new() { Servers = servers.Length > 0 ? servers : SystemServers.Read(), Deadline = Deadline }, TimeProvider.System);
}
