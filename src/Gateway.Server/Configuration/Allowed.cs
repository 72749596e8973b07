using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Gateway.Dns;
using Gateway.Policy;

namespace Gateway.Server.Configuration;

/// <summary>What values may look like: the parsers, and the words that describe them in errors.</summary>
internal static class Allowed
{
    public const string Endpoint = "an address with a port, such as 0.0.0.0:25 or [::]:25 (port 0 picks a free port)";
    public const string Network = "an address or a network, such as 192.0.2.1, 192.0.2.0/24 or 2001:db8::/32 (all bits after the prefix are 0)";
    public const string Domain = "a domain such as example.com, or .example.com for all its subdomains";
    public const string HostName = "a fully qualified host name such as mx.example.com";
    public const string Host = "an address or a host name";

    // Underscores are no part of a host name, but of the domains of many an internal network.
    private static readonly SearchValues<char> DomainCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    /// <summary>A host's full name, without the final dot.</summary>
    public static string? ParseHostName(string text) =>
        DomainName.TryParse(text, out var domain) && domain.IsHostName ? text.TrimEnd('.') : null;

    // The framework reads "10.1" as 10.0.0.1 and "010.0.0.1" as 8.0.0.1; whoever wrote that meant something else.
    public static IPAddress? ParseAddress(ReadOnlySpan<char> text) =>
        IPAddress.TryParse(text, out var address) && IsWrittenInFull(text, address) ? address : null;

    private static bool IsWrittenInFull(ReadOnlySpan<char> text, IPAddress address) =>
        address.AddressFamily != AddressFamily.InterNetwork || text.SequenceEqual(address.ToString());

    public static IPEndPoint? ParseEndpoint(string text) =>
        IPEndPoint.TryParse(text, out var endpoint) && HasPort(text, endpoint)
        && IsWrittenInFull(text.AsSpan(0, text.LastIndexOf(':')), endpoint.Address) ? endpoint : null;

    // IPEndPoint reads "::1" and "127.0.0.1" as endpoints with port 0; who leaves the port out has forgotten it.
    private static bool HasPort(string text, IPEndPoint endpoint) =>
        text.EndsWith($":{endpoint.Port}", StringComparison.Ordinal) && (text.StartsWith('[') || !IPAddress.TryParse(text, out _));

    /// <summary>A DNS server: the port may be left out.</summary>
    public static IPEndPoint? ParseServer(string text) =>
        ParseEndpoint(text) is { Port: > 0 } endpoint ? endpoint : ParseAddress(text) is { } address ? new(address, 53) : null;

    /// <summary>The domain of a list of addresses: an IPv6 address takes 64 octets of the name.</summary>
    public static DomainName? ParseAddressList(string text) =>
        DomainName.TryParse(text, out var zone) && !zone.IsRoot && ReverseName.Below(zone, IPAddress.IPv6Any) is not null ? zone : null;

    public static IPNetwork? ParseNetwork(string text) => ClientNetwork.TryParse(text, out var network) ? network : null;

    /// <summary>
    /// Wider than any organisation's: a relay network such as 0.0.0.0/1 is half an open relay. The widest that are somebody's
    /// own are 10.0.0.0/8 (RFC 1918) and fc00::/7 (RFC 4193).
    /// </summary>
    public static bool IsTooWideForRelay(IPNetwork network) =>
        network.PrefixLength < (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 8 : 7);

    public static string? ParseDomain(string text)
    {
        var name = text.StartsWith('.') ? text[1..] : text;
        // The DNS allows any octet in a label, "*" too; a mail domain has letters, digits and hyphens (RFC 5321 §2.3.5).
        return name.AsSpan().ContainsAnyExcept(DomainCharacters) || !DomainName.TryParse(name, out var domain) || domain.IsRoot
            ? null
            : text.ToLowerInvariant().TrimEnd('.');
    }

    public static string? ParseDomainOrAll(string text) => text == "*" ? text : ParseDomain(text);

    public static string? ParseHost(string text) =>
        ParseAddress(text) is not null || (!IPAddress.TryParse(text, out _) && !text.StartsWith('.') && ParseDomain(text) is not null) ? text : null;
}
