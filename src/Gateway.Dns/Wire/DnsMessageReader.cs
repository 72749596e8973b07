using System.Diagnostics.CodeAnalysis;

namespace Gateway.Dns;

/// <summary>Reads a message from its wire form (RFC 1035 §4). Strict: what is wrong anywhere makes the message malformed.</summary>
public static class DnsMessageReader
{
    // The root's owner, type, class, TTL and RDLENGTH: no record is shorter, which bounds what a count can promise.
    private const int MinRecordLength = 11;

    /// <summary>
    /// Octets behind the last record are ignored. A truncated message may end within a record (RFC 2181 §9): it is
    /// read as far as it goes, since it only says that TCP has the answer.
    /// </summary>
    public static bool TryRead(
        ReadOnlySpan<byte> wire, [NotNullWhen(true)] out DnsMessage? message, [NotNullWhen(false)] out string? error)
    {
        message = null;
        var reader = new WireReader(wire);
        var id = reader.ReadUInt16();
        var flags = (HeaderFlags)reader.ReadUInt16();
        int questions = reader.ReadUInt16(), answers = reader.ReadUInt16();
        int authorities = reader.ReadUInt16(), additionals = reader.ReadUInt16();
        // RFC 9619: the meaning of two questions was never defined.
        if (questions > 1)
            reader.Fail("more than one question");
        DnsQuestion? question = null;
        var questionClass = DnsMessage.InternetClass;
        if (questions == 1)
        {
            question = new(reader.ReadName(), (RecordType)reader.ReadUInt16());
            questionClass = reader.ReadUInt16();
        }
        error = reader.Error;
        if (error is not null)
            return false;
        EdnsContent? edns = null;
        var answerRecords = ReadSection(ref reader, answers, ref edns);
        if (edns is not null)
            reader.Fail("an OPT record among the answers");
        var authorityRecords = ReadSection(ref reader, authorities, ref edns);
        if (edns is not null)
            reader.Fail("an OPT record among the authorities");
        var additionalRecords = ReadSection(ref reader, additionals, ref edns);
        error = flags.HasFlag(HeaderFlags.Truncated) ? null : reader.Error;
        if (error is not null)
            return false;
        message = new()
        {
            Id = id,
            IsResponse = flags.HasFlag(HeaderFlags.Response),
            OpCode = (byte)((int)(flags & HeaderFlags.OpCodes) >> 11),
            IsAuthoritative = flags.HasFlag(HeaderFlags.Authoritative),
            IsTruncated = flags.HasFlag(HeaderFlags.Truncated),
            RecursionDesired = flags.HasFlag(HeaderFlags.RecursionDesired),
            RecursionAvailable = flags.HasFlag(HeaderFlags.RecursionAvailable),
            IsAuthenticated = flags.HasFlag(HeaderFlags.Authenticated),
            ResponseCode = (ResponseCode)((edns?.UpperResponseCode ?? 0) << 4 | (int)(flags & HeaderFlags.ResponseCodes)),
            Question = question,
            QuestionClass = questionClass,
            Answers = answerRecords,
            Authorities = authorityRecords,
            Additionals = additionalRecords,
            EdnsPayloadSize = edns?.PayloadSize,
            EdnsVersion = edns?.Version ?? 0,
            ExtendedErrors = edns?.Errors ?? [],
        };
        return true;
    }

    private static ResourceRecord[] ReadSection(ref WireReader reader, int count, ref EdnsContent? edns)
    {
        if (count == 0)
            return [];
        var records = new ResourceRecord[Math.Min(count, reader.Remaining / MinRecordLength)];
        var kept = 0;
        for (var i = 0; i < count && reader.Error is null; i++)
        {
            var record = RecordReader.Read(ref reader, ref edns);
            if (record is not null && reader.Error is null)
                records[kept++] = record;
        }
        return kept == records.Length ? records : records[..kept];
    }
}
