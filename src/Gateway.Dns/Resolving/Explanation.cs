using System.Text;

namespace Gateway.Dns;

/// <summary>Words for what a server said. Safe to show: of a server's own text only printable ASCII passes.</summary>
internal static class Explanation
{
    private const int MaxText = 200;

    public static string Of(DnsMessage message)
    {
        if (message.ExtendedErrors.Count == 0)
            return Name(message.ResponseCode);
        var text = new StringBuilder(Name(message.ResponseCode));
        foreach (var error in message.ExtendedErrors.Take(4))
        {
            text.Append(" (").Append(Name(error.InfoCode));
            if (error.Text.Length > 0)
                text.Append(": ").Append(Printable(error.Text));
            text.Append(')');
        }
        return text.ToString();
    }

    private static string Name(ResponseCode code) => code switch
    {
        ResponseCode.NoError => "NOERROR",
        ResponseCode.FormatError => "FORMERR",
        ResponseCode.ServerFailure => "SERVFAIL",
        ResponseCode.NameError => "NXDOMAIN",
        ResponseCode.NotImplemented => "NOTIMP",
        ResponseCode.Refused => "REFUSED",
        ResponseCode.BadVersion => "BADVERS",
        _ => $"RCODE {(ushort)code}",
    };

    // RFC 8914 §4, the codes that explain why a lookup fails.
    private static string Name(ushort infoCode) => infoCode switch
    {
        0 => "other error",
        3 => "stale answer",
        4 => "forged answer",
        6 => "DNSSEC bogus",
        7 => "signature expired",
        8 => "signature not yet valid",
        9 => "DNSKEY missing",
        10 => "RRSIGs missing",
        12 => "NSEC missing",
        13 => "cached error",
        14 => "not ready",
        15 => "blocked",
        16 => "censored",
        17 => "filtered",
        18 => "prohibited",
        20 => "not authoritative",
        21 => "not supported",
        22 => "no reachable authority",
        23 => "network error",
        24 => "invalid data",
        _ => $"extended error {infoCode}",
    };

    private static string Printable(string text) =>
        string.Create(Math.Min(text.Length, MaxText), text, static (span, text) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = text[i] is >= ' ' and < '\x7F' ? text[i] : '?';
        });
}
