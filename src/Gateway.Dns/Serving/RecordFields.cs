using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Dns;

/// <summary>
/// A cursor over the RDATA of one entry. The first failure sticks; what is read after it is a placeholder, so that each
/// production reads its fields in a row.
/// </summary>
internal sealed class RecordFields(IReadOnlyList<MasterFileToken> tokens, int at, DomainName? origin)
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");
    private static readonly SearchValues<char> AddressLetters = SearchValues.Create("0123456789abcdefABCDEF:.");

    private int _at = at;

    public string? Failure { get; private set; }

    /// <summary>Reads to the end of the entry; only worth anything without <see cref="Failure"/>.</summary>
    public ResourceRecord Read(DomainName owner, RecordType type, TimeSpan time)
    {
        var record = _at < tokens.Count && tokens[_at] is { IsQuoted: false, Text: "\\#" }
            ? Generic(owner, type, time)
            : Known(owner, type, time);
        if (_at < tokens.Count)
            Fail($"\"{tokens[_at].Text}\" is too much: the record is complete before it");
        return record;
    }

    private void Fail(string reason) => Failure ??= reason;

    private ResourceRecord Known(DomainName owner, RecordType type, TimeSpan time)
    {
        switch (type)
        {
            case RecordType.A:
                return new AddressRecord(owner, time, Address(AddressFamily.InterNetwork));
            case RecordType.Aaaa:
                return new AddressRecord(owner, time, Address(AddressFamily.InterNetworkV6));
            case RecordType.Ptr:
                return new PtrRecord(owner, time, Name("a name"));
            case RecordType.Cname:
                return new CnameRecord(owner, time, Name("a name"));
            case RecordType.Ns:
                return new NsRecord(owner, time, Name("a server's name"));
            case RecordType.Mx:
                return new MxRecord(owner, time, (ushort)Number("a preference", ushort.MaxValue), Name("an exchange"));
            case RecordType.Soa:
                return new SoaRecord(
                    owner, time, Name("the primary server"), Name("the mailbox"), Number("the serial", uint.MaxValue),
                    Time("refresh"), Time("retry"), Time("expire"), Time("minimum"));
            case RecordType.Txt:
                return new TxtRecord(owner, time, Strings());
            default:
                Fail($"TYPE{(ushort)type} must be followed by \\# LENGTH HEXADECIMAL (RFC 3597 §5)");
                return new OpaqueRecord(owner, type, time, default);
        }
    }

    private MasterFileToken? Next(string what)
    {
        if (_at < tokens.Count)
            return tokens[_at++];
        Fail($"{what} is missing");
        return null;
    }

    private DomainName Name(string what)
    {
        if (Next(what) is not { } token)
            return DomainName.Root;
        var name = MasterFileNames.Read(token.Text, origin, out var failure);
        if (name is null)
            Fail(failure);
        return name ?? DomainName.Root;
    }

    private uint Number(string what, uint max)
    {
        if (Next(what) is not { } token)
            return 0;
        if (!uint.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > max)
            Fail($"\"{token.Text}\" is not {what} from 0 to {max}");
        return number;
    }

    private TimeSpan Time(string what)
    {
        if (Next(what) is not { } token)
            return default;
        if (!TimeUnits.TryRead(token.Text, out var time))
            Fail($"\"{token.Text}\" is not a time for {what}");
        return time;
    }

    private IPAddress Address(AddressFamily family)
    {
        if (Next("an address") is not { } token)
            return IPAddress.None;
        // The framework also reads 127.1, octal, hexadecimal, scopes and ports: none of it is an address in a zone.
        var isValid = IPAddress.TryParse(token.Text, out var address) && address.AddressFamily == family
            && (family == AddressFamily.InterNetwork
                ? address.ToString() == token.Text
                : !token.Text.AsSpan().ContainsAnyExcept(AddressLetters));
        if (!isValid)
            Fail($"\"{token.Text}\" is not an {(family == AddressFamily.InterNetwork ? "IPv4" : "IPv6")} address");
        return address ?? IPAddress.None;
    }

    private List<ReadOnlyMemory<byte>> Strings()
    {
        var strings = new List<ReadOnlyMemory<byte>>();
        do
        {
            if (Next("a string") is not { } token)
                break;
            var octets = Unescape(token.Text);
            if (octets.Length > byte.MaxValue)
                Fail("a string has more than 255 octets: split it into several (RFC 1035 §3.3)");
            strings.Add(octets);
        }
        while (_at < tokens.Count);
        if (strings.Sum(static text => text.Length + 1) > ushort.MaxValue)
            Fail("the strings have more than 65535 octets");
        return strings;
    }

    // Text beyond ASCII is taken as UTF-8, as a server that copies octets would.
    private byte[] Unescape(string text)
    {
        if (!text.Contains('\\'))
            return Encoding.UTF8.GetBytes(text);
        var octets = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var isEscape = text[i] == '\\' && i + 1 < text.Length;
            if (isEscape)
                i++;
            if (!isEscape || !char.IsAsciiDigit(text[i]))
                octets.AddRange(Encoding.UTF8.GetBytes(text[i..(char.IsSurrogatePair(text, i) ? ++i + 1 : i + 1)]));
            else if (i + 3 <= text.Length
                && byte.TryParse(text.AsSpan(i, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var octet))
            {
                octets.Add(octet);
                i += 2;
            }
            else
                Fail("\\ before a digit must be \\DDD, from \\000 to \\255");
        }
        return [.. octets];
    }

    // RFC 3597 §5: a known type in this form is the same record as in its own; the codec reads it.
    private ResourceRecord Generic(DomainName owner, RecordType type, TimeSpan time)
    {
        var octets = Octets();
        var wire = new byte[11 + octets.Length];
        BinaryPrimitives.WriteUInt16BigEndian(wire.AsSpan(1), (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(wire.AsSpan(3), DnsMessage.InternetClass);
        BinaryPrimitives.WriteUInt16BigEndian(wire.AsSpan(9), (ushort)octets.Length);
        octets.CopyTo(wire, 11);
        var reader = new WireReader(wire);
        EdnsContent? edns = null;
        var record = RecordReader.Read(ref reader, ref edns) ?? new OpaqueRecord(owner, type, time, octets);
        if (reader.Error is not null)
            Fail($"the octets are not a valid {type.ToString().ToUpperInvariant()} record: {reader.Error}");
        return record with { Owner = owner, TimeToLive = time };
    }

    private byte[] Octets()
    {
        _at++;
        var length = Number("a length", ushort.MaxValue);
        var hex = string.Concat(tokens.Skip(_at).Select(static token => token.Text));
        _at = tokens.Count;
        if (hex.Length % 2 != 0 || hex.AsSpan().ContainsAnyExcept(HexDigits))
            Fail("the data after the length is not made of pairs of hexadecimal digits");
        else if (hex.Length != 2 * length)
            Fail($"the length is {length} octets, but {hex.Length / 2} octets follow");
        return Failure is null ? Convert.FromHexString(hex) : [];
    }
}
