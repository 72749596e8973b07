using System.Buffers.Binary;

namespace Gateway.Dns;

/// <summary>Whether what arrived belongs to what was asked (RFC 5452 §9.1).</summary>
internal static class ReplyCheck
{
    public enum Result
    {
        /// <summary>Something else: it is ignored, and the wait goes on.</summary>
        Foreign,
        Broken,
        Matching,
    }

    public static Result Check(ReadOnlySpan<byte> wire, DnsMessage query, out DnsMessage? message, out string? error)
    {
        message = null;
        error = null;
        if (wire.Length < WireReader.HeaderLength || BinaryPrimitives.ReadUInt16BigEndian(wire) != query.Id || wire[2] < 0x80)
            return Result.Foreign;
        if (!DnsMessageReader.TryRead(wire, out message, out error))
            return Result.Broken;
        return message.OpCode == query.OpCode && IsQuestionOf(query, message) ? Result.Matching : Result.Foreign;
    }

    // A server that could not read the query has no question to repeat; such an answer can say nothing about the name.
    private static bool IsQuestionOf(DnsMessage query, DnsMessage message) => message.Question is null
        ? message.ResponseCode is not (ResponseCode.NoError or ResponseCode.NameError)
        : message.Question == query.Question && message.QuestionClass == query.QuestionClass;
}
