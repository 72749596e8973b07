using System.Globalization;
using System.Text;
using Gateway.Dns;
using Gateway.Policy.Reading;

namespace Gateway.Policy.Facts;

/// <summary>How a step of the trail is put into words: by command line, journal and dashboard alike. Safe to show.</summary>
public static class TrailWording
{
    private const int MaxRecords = 12;
    private const int MaxText = 200;

    /// <summary>What the DNS answered, with the aliases on the way.</summary>
    public static string Of(DnsAnswer answer)
    {
        var words = new StringBuilder(answer.Detail == OverlayResolver.Assumed ? "(assumed) " : "");
        foreach (var alias in answer.Aliases)
            words.Append("alias of ").Append(Wording.Shown(alias.Target)).Append(": ");
        return words.Append(answer.Status switch
        {
            DnsStatus.Found => Wording.Listed([.. answer.Records.Select(Of)], MaxRecords),
            DnsStatus.NoData => $"no {TypeOf(answer.Question)} record",
            DnsStatus.NameError => "no such name (NXDOMAIN)",
            _ => Wording.Trouble(answer),
        }).ToString();
    }

    /// <summary>The asked type as zone files write it (RFC 3597 §5 for one without a name).</summary>
    public static string TypeOf(DnsQuestion question) => TypeOf(question.Type);

    /// <summary>A record with owner and type.</summary>
    public static string LineOf(ResourceRecord record) => $"{Wording.Shown(record.Owner)} {TypeOf(record.Type)} {Of(record)}";

    /// <summary>What a record says, as zone files write it, without owner and type.</summary>
    public static string Of(ResourceRecord record) => record switch
    {
        AddressRecord address => address.Address.ToString(),
        PtrRecord pointer => Wording.Shown(pointer.Target),
        CnameRecord alias => Wording.Shown(alias.Target),
        NsRecord server => Wording.Shown(server.Host),
        MxRecord { IsNull: true } => "0 . (accepts no mail)",
        MxRecord exchange => string.Create(CultureInfo.InvariantCulture, $"{exchange.Preference} {Wording.Shown(exchange.Exchange)}"),
        TxtRecord text => Wording.Shortened(string.Join(' ', text.Strings.Select(Quoted)), MaxText),
        _ => $"{TypeOf(record.Type)} record",
    };

    private static string TypeOf(RecordType type) =>
        Enum.IsDefined(type) ? type.ToString().ToUpperInvariant() : string.Create(CultureInfo.InvariantCulture, $"TYPE{(ushort)type}");

    private static string Quoted(ReadOnlyMemory<byte> text) => $"\"{TextTemplate.Printable(Encoding.Latin1.GetString(text.Span))}\"";
}
