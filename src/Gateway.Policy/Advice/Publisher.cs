using System.Net;
using Gateway.Dns;

namespace Gateway.Policy;

/// <summary>Who can publish a record, or repair what is not in the DNS.</summary>
internal static class Publisher
{
    public const string Server = "whoever runs the mail server";
    public const string Nobody = "nobody";

    /// <summary>Reverse zones belong to whoever holds the addresses, seldom to who uses them.</summary>
    public static string Of(IPAddress address) => $"the owner of the address {address}, usually the provider";

    public static string Of(DomainName domain) => $"the owner of the domain {Wording.Shown(domain)}";

    /// <summary>For a host: the sender's domain if it lies there, else what stands above it.</summary>
    public static string OfHost(DomainName host, DomainName? sender) =>
        sender is not null && host.IsAtOrBelow(sender) ? Of(sender)
        : host.Parent is { IsRoot: false, Parent.IsRoot: false } parent ? Of(parent)
        : Of(host);
}
