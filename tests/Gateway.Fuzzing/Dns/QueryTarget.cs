using System.Buffers.Binary;
using Gateway.Dns;

namespace Gateway.Fuzzing.Dns;

/// <summary>
/// A query to our DNS server (<see cref="QueryResponder"/>). No response is answered, and no answer is longer than the client can take;
/// each answer is a message with the id and the question of its query, unless a fault of the zone spoils it.
/// </summary>
internal static class QueryTarget
{
    private const string ZoneText = """
        $TTL 1h
        @ SOA ns host 1 1h 10m 1w 5m
        @ NS ns
        @ MX 10 mx
        ns A 192.0.2.53
        mx A 192.0.2.25
        mx AAAA 2001:db8::25
        www CNAME mx
        loop CNAME loop
        out CNAME www.example.org.
        *.any TXT "v=spf1 -all"
        sub NS ns.sub
        ns.sub A 192.0.2.54
        ;@fault refused.any refuse
        ;@fault late.any delay 500ms servfail
        ;@fault silent.any drop
        ;@fault denied.any nxdomain
        ;@fault cut.any truncate
        ;@fault broken.any malformed
        ;@fault other.any wrong-id
        ;@fault lame.any lame
        """;

    private static readonly MasterFile File = MasterFile.Read(ZoneText, origin: DomainName.Parse("example.test"));
    private static readonly ZoneSet Zones = new([File.Zone!]);
    private static readonly FaultTable Faults = new(File.Faults);

    public static void Check(ReadOnlySpan<byte> input)
    {
        Check(input, isDatagram: true, new byte[ushort.MaxValue]);
        Check(input, isDatagram: false, new byte[ushort.MaxValue]);
    }

    private static void Check(ReadOnlySpan<byte> input, bool isDatagram, byte[] destination)
    {
        var reply = QueryResponder.Answer(input, Zones, Faults, isDatagram, destination);
        var isResponse = input.Length > 2 && (input[2] & 0x80) != 0;
        Property.Holds(reply.Length == 0 || !isResponse, "a response is answered");
        if (reply.Length == 0)
            return;
        Property.Holds(reply.Length <= (isDatagram ? QueryResponder.MaxDatagram : ushort.MaxValue), "an answer is longer than the transport carries");
        Property.Same(0, QueryResponder.Answer(destination.AsSpan(0, reply.Length), Zones, Faults, isDatagram, new byte[ushort.MaxValue]).Length,
            "our own answer is answered");
        var (_, fault) = Fault.Split(reply.Fault);
        if (fault is Fault.Malformed)
            return;
        Property.Holds(DnsMessageReader.TryRead(destination.AsSpan(0, reply.Length), out var answer, out var error), "an answer cannot be read", error);
        Property.Holds(answer!.IsResponse, "an answer is a response");
        Property.Same(fault is Fault.WrongId, answer.Id != BinaryPrimitives.ReadUInt16BigEndian(input), "an answer has the id of its query");
        Property.Same(reply.Question, answer.Question, "an answer has the question of its query");
        if (isDatagram && reply.Question is not null && DnsMessageReader.TryRead(input, out var query, out _))
            Property.Holds(reply.Length <= Math.Max((int)(query.EdnsPayloadSize ?? 0), DnsMessageWriter.MinDestination), "an answer is longer than the client takes");
    }
}
