using System.Net;
using System.Text;

namespace Gateway.Dns;

/// <summary>Reads records (RFC 1035 §4.1.3): one header, and the RDATA by its type, whose length has to agree.</summary>
internal static class RecordReader
{
    public const ushort ExtendedErrorOption = 15;

    /// <summary>The next record; null when it is none of class IN, or the OPT record, which goes to <paramref name="edns"/>.</summary>
    public static ResourceRecord? Read(ref WireReader reader, ref EdnsContent? edns)
    {
        var owner = reader.ReadName();
        var type = (RecordType)reader.ReadUInt16();
        var recordClass = reader.ReadUInt16();
        var seconds = reader.ReadUInt32();
        var length = reader.ReadUInt16();
        if (length > reader.Remaining)
            reader.Fail("RDATA runs over the end");
        if (reader.Error is not null)
            return null;
        var end = reader.Position + length;
        ResourceRecord? record = null;
        if (type == RecordType.Opt)
            ReadEdns(ref reader, owner, recordClass, seconds, end, ref edns);
        else if (recordClass == DnsMessage.InternetClass)
            record = ReadContent(ref reader, owner, type, TimeToLive(seconds), length);
        else
            reader.ReadOctets(length);
        if (reader.Position != end)
            reader.Fail($"RDATA of type {(ushort)type} has another length than it says");
        return record;
    }

    private static ResourceRecord ReadContent(ref WireReader reader, DomainName owner, RecordType type, TimeSpan ttl, ushort length)
    {
        switch (type)
        {
            case RecordType.A when length == 4:
            case RecordType.Aaaa when length == 16:
                return new AddressRecord(owner, ttl, new IPAddress(reader.ReadOctets(length)));
            case RecordType.A or RecordType.Aaaa:
                reader.Fail("an address of a wrong length");
                return new OpaqueRecord(owner, type, ttl, default);
            case RecordType.Ptr:
                return new PtrRecord(owner, ttl, reader.ReadName());
            case RecordType.Cname:
                return new CnameRecord(owner, ttl, reader.ReadName());
            case RecordType.Ns:
                return new NsRecord(owner, ttl, reader.ReadName());
            case RecordType.Mx:
                return new MxRecord(owner, ttl, reader.ReadUInt16(), reader.ReadName());
            case RecordType.Soa:
                return new SoaRecord(
                    owner, ttl, reader.ReadName(), reader.ReadName(), reader.ReadUInt32(),
                    Seconds(reader.ReadUInt32()), Seconds(reader.ReadUInt32()), Seconds(reader.ReadUInt32()), Seconds(reader.ReadUInt32()));
            case RecordType.Txt:
                return new TxtRecord(owner, ttl, ReadStrings(ref reader, reader.Position + length));
            default:
                return new OpaqueRecord(owner, type, ttl, reader.ReadOctets(length).ToArray());
        }
    }

    private static List<ReadOnlyMemory<byte>> ReadStrings(ref WireReader reader, int end)
    {
        var strings = new List<ReadOnlyMemory<byte>>(1);
        if (reader.Position == end)
            reader.Fail("TXT without a string");
        while (reader.Position < end && reader.Error is null)
            strings.Add(reader.ReadOctets(reader.ReadByte()).ToArray());
        return strings;
    }

    // RFC 6891 §6.1.2: the class is the payload size; the TTL is the upper half of the response code, the version, flags.
    private static void ReadEdns(ref WireReader reader, DomainName owner, ushort size, uint bits, int end, ref EdnsContent? edns)
    {
        if (edns is not null)
            reader.Fail("more than one OPT record");
        if (!owner.IsRoot)
            reader.Fail("an OPT record that is not the root's");
        List<ExtendedDnsError>? errors = null;
        while (reader.Position < end && reader.Error is null)
        {
            var code = reader.ReadUInt16();
            var length = reader.ReadUInt16();
            if (reader.Position + length > end || (code == ExtendedErrorOption && length < 2))
                reader.Fail("an EDNS option of a wrong length");
            else if (code == ExtendedErrorOption)
                (errors ??= []).Add(new(reader.ReadUInt16(), Encoding.UTF8.GetString(reader.ReadOctets(length - 2))));
            else
                reader.ReadOctets(length);
        }
        edns = new(size, (byte)(bits >> 24), (byte)(bits >> 16), errors ?? (IReadOnlyList<ExtendedDnsError>)[]);
    }

    // RFC 2181 §8: a TTL with the top bit set is zero.
    private static TimeSpan TimeToLive(uint seconds) => Seconds(seconds > int.MaxValue ? 0 : seconds);

    private static TimeSpan Seconds(uint seconds) => new(seconds * TimeSpan.TicksPerSecond);
}
