using System.Net;
using Gateway.Dns;

namespace Gateway.Configuration;

/// <summary>What values may look like: the parsers, and the words that describe them in errors.</summary>
internal static class Allowed
{
    public const string Endpoint = "an address with a port, such as 0.0.0.0:25 or [::]:25 (port 0 takes any free one)";
    public const string Network = "an address or a network, such as 192.0.2.1 or 192.0.2.0/24 or 2001:db8::/32 (no host bits behind the prefix)";
    public const string Domain = "a domain such as example.com, or .example.com for all below it";
    public const string Host = "an address or a host name";

    public static IPEndPoint? ParseEndpoint(string text) =>
        IPEndPoint.TryParse(text, out var endpoint) && HasPort(text, endpoint) ? endpoint : null;

    // IPEndPoint reads "::1" and "127.0.0.1" as endpoints with port 0; who leaves the port out has forgotten it.
    private static bool HasPort(string text, IPEndPoint endpoint) =>
        text.EndsWith($":{endpoint.Port}", StringComparison.Ordinal) && (text.StartsWith('[') || !IPAddress.TryParse(text, out _));

    /// <summary>A DNS server: the port may be left out.</summary>
    public static IPEndPoint? ParseServer(string text) =>
        ParseEndpoint(text) is { Port: > 0 } endpoint ? endpoint : IPAddress.TryParse(text, out var address) ? new(address, 53) : null;

    public static IPNetwork? ParseNetwork(string text)
    {
        if (IPAddress.TryParse(text, out var address) && !text.Contains('/'))
            return new IPNetwork(address, address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 32 : 128);
        // 10.0.0.1/8 may mean the host or the network; whoever wrote it must say which.
        return IPNetwork.TryParse(text, out var network) && IPAddress.TryParse(text.AsSpan(0, text.IndexOf('/')), out var written)
            && network.BaseAddress.Equals(written) ? network : null;
    }

    public static string? ParseDomain(string text)
    {
        var name = text.StartsWith('.') ? text[1..] : text;
        return DomainName.TryParse(name, out var domain) && !domain.IsRoot ? text.ToLowerInvariant().TrimEnd('.') : null;
    }

    public static string? ParseDomainOrAll(string text) => text == "*" ? text : ParseDomain(text);

    public static string? ParseHost(string text) =>
        IPAddress.TryParse(text, out _) || (DomainName.TryParse(text, out var name) && !name.IsRoot) ? text : null;
}
