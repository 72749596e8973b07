using System.Net;

namespace Gateway.Server.Talking;

/// <summary>A server that may take the mail: its name, for its certificate, and where it listens.</summary>
/// <param name="Name">The host's name; of an address literal the address.</param>
/// <param name="Endpoint">An <see cref="IPEndPoint"/>, or a <see cref="DnsEndPoint"/> when the system is to look the name up.</param>
public sealed record MailHost(string Name, EndPoint Endpoint)
{
    /// <summary>That of its MX record, the lower one is tried first; null when no MX record names it.</summary>
    public int? Preference { get; init; }
}

/// <summary>The servers of a domain.</summary>
/// <param name="Hosts">In the order in which they are to be tried; empty when there is none.</param>
/// <param name="Problem">Why there is none.</param>
public sealed record MailHosts(IReadOnlyList<MailHost> Hosts, string? Problem)
{
    /// <summary>What is wrong with each host that cannot be reached for want of an address, also where others can.</summary>
    public IReadOnlyList<string> Problems { get; init; } = Problem is null ? [] : [Problem];

    /// <summary>The DNS did not answer, so there may be more.</summary>
    public bool IsUnanswered { get; init; }

    public static MailHosts None(string problem) => new([], problem);
}
