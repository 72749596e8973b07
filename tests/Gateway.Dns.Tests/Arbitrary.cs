using System.Net;
using FsCheck;
using FsCheck.Fluent;

namespace Gateway.Dns.Tests;

/// <summary>Any value that the types allow.</summary>
internal static class Arbitrary
{
    private static readonly Gen<byte> Octet = Gen.Choose(0, 255).Select(static value => (byte)value);

    // Few letters, so that names share endings and compression has something to do.
    private static readonly Gen<byte[]> Label = Gen.Frequency(
        (6, Gen.Elements("a", "B", "mail", "Example", "com", "0/25").Select(System.Text.Encoding.ASCII.GetBytes)),
        (1, Octets(1, 63)));

    private static readonly Gen<DomainName> Name =
        from count in Gen.Choose(0, 5)
        from labels in Gen.ArrayOf(Label, count)
        select labels.Aggregate(DomainName.Root, static (name, label) => name.Prepend(label) ?? name);

    private static readonly Gen<TimeSpan> Ttl = Gen.Choose(0, int.MaxValue).Select(static seconds => TimeSpan.FromSeconds(seconds));

    private static readonly Gen<TimeSpan> Interval = Gen.Choose(int.MinValue, int.MaxValue).Select(static seconds => TimeSpan.FromSeconds((uint)seconds));

    private static readonly Gen<ResourceRecord> Record =
        from owner in Name
        from ttl in Ttl
        from record in Gen.OneOf(
            Octets(4, 4).Select(ResourceRecord (octets) => new AddressRecord(owner, ttl, new IPAddress(octets))),
            Octets(16, 16).Select(ResourceRecord (octets) => new AddressRecord(owner, ttl, new IPAddress(octets))),
            Name.Select(ResourceRecord (name) => new PtrRecord(owner, ttl, name)),
            Name.Select(ResourceRecord (name) => new CnameRecord(owner, ttl, name)),
            Name.Select(ResourceRecord (name) => new NsRecord(owner, ttl, name)),
            from name in Name
            from preference in Gen.Choose(0, ushort.MaxValue)
            select (ResourceRecord)new MxRecord(owner, ttl, (ushort)preference, name),
            from server in Name
            from mailbox in Name
            from times in Gen.ArrayOf(Interval, 5)
            select (ResourceRecord)new SoaRecord(owner, ttl, server, mailbox, (uint)times[0].TotalSeconds, times[1], times[2], times[3], times[4]),
            from texts in Gen.NonEmptyListOf(Octets(0, 255))
            select (ResourceRecord)new TxtRecord(owner, ttl, [.. texts.Take(4).Select(static text => (ReadOnlyMemory<byte>)text)]),
            from type in Gen.Elements(33, 35, 46, 257, 65280)
            from content in Octets(0, 40)
            select (ResourceRecord)new OpaqueRecord(owner, (RecordType)type, ttl, content))
        select record;

    private static readonly Gen<DnsMessage> Message =
        from id in Gen.Choose(0, ushort.MaxValue)
        from flags in Gen.ArrayOf(Gen.Elements(true, false), 7)
        from opCode in Gen.Choose(0, 15)
        from name in Name
        from type in Gen.Elements(RecordType.A, RecordType.Ptr, RecordType.Any, (RecordType)65280)
        from counts in Gen.ArrayOf(Gen.Choose(0, 4), 3)
        from answers in Gen.ArrayOf(Record, counts[0])
        from authorities in Gen.ArrayOf(Record, counts[1])
        from additionals in Gen.ArrayOf(Record, counts[2])
        from code in Gen.Choose(0, flags[0] ? 4095 : 15)
        from errors in Gen.ListOf(Gen.Choose(0, ushort.MaxValue).Select(static code => new ExtendedDnsError((ushort)code, $"wörds {code}")), 2)
        select new DnsMessage
        {
            Id = (ushort)id,
            OpCode = (byte)opCode,
            IsResponse = flags[1],
            IsAuthoritative = flags[2],
            RecursionDesired = flags[3],
            RecursionAvailable = flags[4],
            IsAuthenticated = flags[5],
            ResponseCode = (ResponseCode)code,
            Question = flags[6] ? new DnsQuestion(name, type) : null,
            Answers = answers,
            Authorities = authorities,
            Additionals = additionals,
            EdnsPayloadSize = flags[0] ? (ushort)(id ^ 0x5555) : null,
            ExtendedErrors = flags[0] ? [.. errors] : [],
        };

    public static Arbitrary<DomainName> Names { get; } = Name.ToArbitrary();

    public static Arbitrary<DnsMessage> Messages { get; } = Message.ToArbitrary();

    public static Arbitrary<byte[]> Wires { get; } = Octets(0, 300).ToArbitrary();

    private static Gen<byte[]> Octets(int least, int most) =>
        from count in Gen.Choose(least, most)
        from octets in Gen.ArrayOf(Octet, count)
        select octets;
}
