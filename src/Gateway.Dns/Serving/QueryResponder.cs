using System.Buffers.Binary;

namespace Gateway.Dns;

/// <summary>What to do about a query: send so many octets, or nothing when there are none, after a while.</summary>
internal readonly record struct QueryReply(
    int Length, TimeSpan Delay, DnsQuestion? Question = null, ResponseCode Code = default, Fault? Fault = null);

/// <summary>Turns the octets of a query into the octets of a response (RFC 1034 §4.3, RFC 6891), without any socket.</summary>
internal static class QueryResponder
{
    /// <summary>What passes any path unfragmented, and hence what we announce and send at most by UDP.</summary>
    public const int MaxDatagram = 1232;

    private const int HeaderLength = 12;

    /// <summary>Writes the response into a destination of at least 512 octets, whose length is what a stream carries.</summary>
    public static QueryReply Answer(ReadOnlySpan<byte> wire, ZoneSet zones, FaultTable faults, bool isDatagram, Span<byte> destination)
    {
        // Whoever answers responses can be made to talk with another server forever.
        if (wire.Length < HeaderLength || (wire[2] & 0x80) != 0)
            return default;
        var header = new DnsMessage
        {
            Id = BinaryPrimitives.ReadUInt16BigEndian(wire),
            IsResponse = true,
            OpCode = (byte)((wire[2] >> 3) & 15),
            RecursionDesired = (wire[2] & 1) != 0,
        };
        if (header.OpCode != 0)
            return Write(header with { ResponseCode = ResponseCode.NotImplemented }, destination);
        // A query with TC is read as far as it goes, so nobody knows what it asks.
        if (!DnsMessageReader.TryRead(wire, out var query, out _) || query.Question is null || query.IsTruncated)
            return Write(header with { ResponseCode = ResponseCode.FormatError }, destination);
        var response = header with
        {
            Question = query.Question,
            QuestionClass = query.QuestionClass,
            EdnsPayloadSize = query.EdnsPayloadSize is null ? null : (ushort)MaxDatagram,
        };
        if (isDatagram)
            destination = destination[..RoomFor(query)];
        if (query.EdnsVersion > 0)
            return Write(response with { ResponseCode = ResponseCode.BadVersion }, destination);
        if (!IsServed(query))
            return Write(response with { ResponseCode = ResponseCode.Refused }, destination);
        return Serve(FaultyAnswer.Find(zones, faults, query.Question.Value), response, isDatagram, destination);
    }

    /// <summary>SERVFAIL for a query that we failed on, by a mistake of ours.</summary>
    public static QueryReply Fail(ReadOnlySpan<byte> wire, Span<byte> destination) => Write(
        new DnsMessage
        {
            Id = BinaryPrimitives.ReadUInt16BigEndian(wire),
            IsResponse = true,
            RecursionDesired = (wire[2] & 1) != 0,
            ResponseCode = ResponseCode.ServerFailure,
        },
        destination);

    // RFC 6891 §6.2.3: less than 512 means 512.
    private static int RoomFor(DnsMessage query) =>
        Math.Clamp((int)(query.EdnsPayloadSize ?? 0), DnsMessageWriter.MinDestination, MaxDatagram);

    // Zone transfers are nobody's business, and a type of the transport is no question.
    private static bool IsServed(DnsMessage query) => query.QuestionClass == DnsMessage.InternetClass
        && (query.Question!.Value.Type == RecordType.Any || !RecordTypes.IsMeta(query.Question.Value.Type));

    private static QueryReply Serve(FaultyAnswer found, DnsMessage response, bool isDatagram, Span<byte> destination)
    {
        var (delay, fault) = Fault.Split(found.Fault);
        var reply = fault switch
        {
            Fault.Drop => new(0, default, response.Question, ResponseCode.ServerFailure),
            Fault.ServerFailure => Write(response with { ResponseCode = ResponseCode.ServerFailure }, destination),
            Fault.Refuse => Write(response with { ResponseCode = ResponseCode.Refused }, destination),
            Fault.Truncate when isDatagram => Write(response with { IsAuthoritative = true, IsTruncated = true }, destination),
            Fault.Malformed => WriteMalformed(response, destination),
            Fault.WrongId => Write(Fill(response with { Id = (ushort)~response.Id }, found.Answer), destination),
            _ => Write(Fill(response, found.Answer), destination),
        };
        return reply with { Delay = delay, Fault = found.Fault };
    }

    private static DnsMessage Fill(DnsMessage response, in ZoneAnswer answer) => response with
    {
        ResponseCode = answer.Outcome switch
        {
            // RFC 6604 §3: the code is that of the end of the chain.
            ZoneOutcome.NameError => ResponseCode.NameError,
            ZoneOutcome.NotServed when answer.Aliases.Count == 0 => ResponseCode.Refused,
            _ => ResponseCode.NoError,
        },
        // RFC 1035 §4.1.1: AA speaks of the first owner in the answer.
        IsAuthoritative = answer.Aliases.Count > 0 || answer.Outcome is not (ZoneOutcome.Referral or ZoneOutcome.NotServed),
        Answers = answer.Aliases.Count == 0 ? answer.Records : [.. answer.Aliases, .. answer.Records],
        Authorities = answer.Authorities,
        Additionals = answer.Additionals,
    };

    private static QueryReply Write(DnsMessage response, Span<byte> destination) =>
        new(DnsMessageWriter.Write(response, destination, out _), TimeSpan.Zero, response.Question, response.ResponseCode);

    // One answer is announced, and its owner is a pointer to itself.
    private static QueryReply WriteMalformed(DnsMessage response, Span<byte> destination)
    {
        var reply = Write(response with { IsAuthoritative = true, EdnsPayloadSize = null }, destination);
        destination[7] = 1;
        BinaryPrimitives.WriteUInt16BigEndian(destination[reply.Length..], (ushort)(0xC000 | reply.Length));
        return reply with { Length = reply.Length + 2 };
    }
}
