using System.Net;

namespace Gateway.Server.Checking;

/// <summary>A server that may take a domain's mail.</summary>
/// <param name="Name">The host's name, which its certificate must carry; for an address literal the address.</param>
/// <param name="Endpoint">An <see cref="IPEndPoint"/>, or a <see cref="DnsEndPoint"/> when the system is to look the name up.</param>
public sealed record MailHost(string Name, EndPoint Endpoint)
{
    /// <summary>The preference of its MX record: lower ones are tried first. Null when no MX record names the host.</summary>
    public int? Preference { get; init; }
}

/// <summary>The mail hosts of a domain.</summary>
/// <param name="Hosts">The hosts in the order in which they are tried; empty when there is none.</param>
/// <param name="Problem">Why there is none.</param>
public sealed record MailHosts(IReadOnlyList<MailHost> Hosts, string? Problem)
{
    /// <summary>What is wrong with each host that cannot be reached for want of an address, also where others can.</summary>
    public IReadOnlyList<string> Problems { get; init; } = Problem is null ? [] : [Problem];

    /// <summary>The DNS did not answer, so there may be more.</summary>
    public bool IsUnanswered { get; init; }

    public static MailHosts None(string problem) => new([], problem);
}
