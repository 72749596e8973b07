using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Policy.Facts;
using Gateway.Policy.Profiles;
using Gateway.Smtp;

namespace Gateway.Server.Inbound;

/// <summary>What the trace fields of one message tell.</summary>
/// <param name="HostName">Ours.</param>
/// <param name="Client">Never IPv4-mapped.</param>
/// <param name="Facts">Null when the client's reverse DNS was not asked.</param>
/// <param name="Helo">As the client gave it; hostile.</param>
/// <param name="Protocol">The word of RFC 3848 and RFC 6531 §3.7.3 after "with".</param>
/// <param name="Tls">Protocol and cipher suite; null in the clear.</param>
/// <param name="Id">The session's id, with the transaction's number.</param>
/// <param name="Recipient">Only when there is just one, so that nobody's name is disclosed (RFC 5321 §7.6).</param>
/// <param name="Time">When the message had arrived.</param>
internal sealed record TraceFields(
    string HostName, IPAddress Client, ClientFacts? Facts, string? Helo, string Protocol, string? Tls, string Id, ForwardPath? Recipient, DateTimeOffset Time)
{
    public ReceivedStyle Style { get; init; }

    public string AuthservId { get; init; } = HostName;

    /// <summary>RFC 8601 §5: our results stand above our Received, which stands on top of the message.</summary>
    public byte[] Encode()
    {
        var text = new StringBuilder(512);
        AppendAuthenticationResults(text);
        AppendReceived(text);
        // RFC 6531 §3.7.3: an internationalised recipient may stand in FOR.
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private void AppendAuthenticationResults(StringBuilder text) => text
        .Append("Authentication-Results: ").Append(AuthservId).Append(";\r\n\t")
        .Append(Facts is null ? "none" : IprevResult.Format(Facts))
        .Append("\r\n");

    /// <summary>RFC 5321 §4.4. An unconfirmed name is never believed: then the name is the word "unknown".</summary>
    private void AppendReceived(StringBuilder text)
    {
        text.Append("Received: from ").Append(Atom(Helo ?? "unknown"))
            .Append(" (").Append(Style == ReceivedStyle.Exchange2003 ? Compared() : Confirmed()).Append(")\r\n\tby ")
            .Append(HostName).Append(" with ").Append(Protocol).Append(" id ").Append(Id);
        if (Tls is not null)
            text.Append("\r\n\t(").Append(Tls).Append(')');
        // FOR may be left out (RFC 5321 §4.4). A recipient with characters that are not seen would make the field read as another one.
        if (Recipient is { IsBarePostmaster: false } recipient && recipient.ToString() is var path && SafeText.IsVisible(path))
            text.Append("\r\n\tfor ").Append(path);
        text.Append(";\r\n\t").Append(MailDate.Format(Time)).Append("\r\n");
    }

    private string Confirmed() => $"{Facts?.ConfirmedName?.ToString() ?? "unknown"} {Literal(Client)}";

    /// <summary>
    /// KB297412: behind the address stands "RDNS failed" when the lookup gave no name, "unverified" when it gave another than HELO, and
    /// nothing when they agree. The words are Exchange's; how it set the parentheses is not known for certain.
    /// </summary>
    private string Compared() => Facts is null ? Literal(Client) : HeloComparison.Of(Facts, Helo) switch
    {
        HeloMatch.NoName => $"{Literal(Client)} RDNS failed",
        HeloMatch.OtherName => $"{Literal(Client)} unverified",
        _ => Literal(Client),
    };

    private static string Literal(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[IPv6:{address}]" : $"[{address}]";

    // HELO names are hostile: what is neither a name nor an address literal would end a comment or start a field.
    private static string Atom(string helo) => string.Create(Math.Min(helo.Length, 255), helo, static (to, from) =>
    {
        for (var i = 0; i < to.Length; i++)
            to[i] = char.IsAsciiLetterOrDigit(from[i]) || from[i] is '.' or '-' or '_' or ':' or '[' or ']' ? from[i] : '?';
    });
}
