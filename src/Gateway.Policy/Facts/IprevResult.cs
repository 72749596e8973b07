using System.Net.Sockets;

namespace Gateway.Policy.Facts;

/// <summary>The result of iprev as it stands in an Authentication-Results field (RFC 8601 §2.7.3).</summary>
public static class IprevResult
{
    /// <summary>
    /// <c>iprev=pass policy.iprev=192.0.2.1 (mail.example.com)</c>. An IPv6 address holds colons, which no token may, so it
    /// is quoted (RFC 8601 §2.2). Only a confirmed name is named; the words in the comment are all ours otherwise.
    /// </summary>
    public static string Format(ClientFacts client)
    {
        var address = client.Address.AddressFamily == AddressFamily.InterNetworkV6 ? $"\"{client.Address}\"" : client.Address.ToString();
        var (result, comment) = client.Iprev switch
        {
            IprevStatus.Pass => ("pass", client.ConfirmedName?.ToString() ?? "confirmed"),
            IprevStatus.Fail => ("fail", "no PTR name leads back"),
            IprevStatus.PermError => ("permerror", "no PTR record"),
            _ => ("temperror", "the DNS did not answer"),
        };
        return $"iprev={result} policy.iprev={address} ({comment})";
    }
}
