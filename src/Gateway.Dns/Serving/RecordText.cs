using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Gateway.Dns;

/// <summary>
/// One record as a line of a zone file (RFC 1035 §5.1): <c>76.61.54.209.in-addr.arpa. PTR mail.source.com.</c> Outside of a
/// zone no name is relative to anything, so the final dots may be missing.
/// </summary>
public static class RecordText
{
    private const string DefaultTimeToLive = "1h";

    /// <param name="text">The line; TTL and class may be missing.</param>
    /// <param name="record">The record; null when there is a problem.</param>
    /// <param name="problem">What is wrong, for the person who wrote it; null when nothing is.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out ResourceRecord? record, [NotNullWhen(false)] out string? problem)
    {
        (record, problem) = (null, null);
        if (text.AsSpan().ContainsAny('\r', '\n'))
        {
            problem = "it has more than one line";
            return false;
        }
        var reader = new MasterFileReader(DomainName.Root, include: null);
        reader.Read("record", $"$TTL {DefaultTimeToLive}\n{text.Trim()}", depth: 0);
        if (reader.Errors is [var first, ..])
            problem = first.Reason;
        else if (reader.Records is [{ Content: var only }])
            record = only;
        else
            problem = "it holds no record";
        return record is not null;
    }

    /// <summary>The line, without TTL and class: the zone says those.</summary>
    /// <exception cref="NotSupportedException">The type is none of those that are written here.</exception>
    public static string Format(ResourceRecord record) => record switch
    {
        AddressRecord { Type: RecordType.A } address => $"{Absolute(address.Owner)} A {address.Address}",
        AddressRecord address => $"{Absolute(address.Owner)} AAAA {address.Address}",
        PtrRecord pointer => $"{Absolute(pointer.Owner)} PTR {Absolute(pointer.Target)}",
        CnameRecord alias => $"{Absolute(alias.Owner)} CNAME {Absolute(alias.Target)}",
        NsRecord server => $"{Absolute(server.Owner)} NS {Absolute(server.Host)}",
        MxRecord exchange => string.Create(
            CultureInfo.InvariantCulture, $"{Absolute(exchange.Owner)} MX {exchange.Preference} {Absolute(exchange.Exchange)}"),
        _ => throw new NotSupportedException($"a record of type {record.Type} is not written as text"),
    };

    private static string Absolute(DomainName name) => name.IsRoot ? "." : $"{name}.";
}
