using Gateway.Dns;
using Gateway.Dns.Tests;

namespace Gateway.Fuzzing.Dns;

/// <summary>
/// A DNS message in wire form (<see cref="DnsMessageReader"/>). What was read can be written and read again without a change, also into
/// the smallest buffer; no count promises more than the octets hold; nothing that is printed of it is unsafe.
/// </summary>
internal static class MessageTarget
{
    // RFC 1035 §4.1.3: the root's owner, type, class, TTL and RDLENGTH.
    private const int MinRecordLength = 11;

    public static void Check(ReadOnlySpan<byte> input)
    {
        var isRead = DnsMessageReader.TryRead(input, out var message, out var error);
        Property.Same(isRead, message is not null, "a message is returned if and only if it was read");
        Property.Same(isRead, error is null, "an error is returned if and only if nothing was read");
        if (error is not null)
            Property.IsPrintable(error, "an error of the reader");
        if (message is null)
            return;
        var records = message.Answers.Count + message.Authorities.Count + message.Additionals.Count;
        Property.Holds(records * MinRecordLength <= input.Length, "more records were read than the octets can hold");
        Property.IsPrintable(Explanation.Of(message), "the explanation of a response code");
        foreach (var record in message.Answers)
            NameTarget.CheckText(record.Owner);
        CheckWrittenWhole(message);
        CheckWrittenShort(message);
    }

    private static void CheckWrittenWhole(DnsMessage message)
    {
        var wire = new byte[ushort.MaxValue];
        var length = DnsMessageWriter.Write(message, wire, out var truncated);
        if (truncated)
            return;
        var again = Reread(wire.AsSpan(0, length));
        // The writer leaves out explanations that would push out the answer.
        var expected = again.ExtendedErrors.Count == 0 ? message with { ExtendedErrors = [] } : message;
        Property.Same(WireText.Of(expected), WireText.Of(again), "a message that is written is read again as it was");
        var second = new byte[ushort.MaxValue];
        var secondLength = DnsMessageWriter.Write(again, second, out _);
        Property.Same(wire.AsSpan(0, length), second.AsSpan(0, secondLength), "a message is written the same way twice");
    }

    private static void CheckWrittenShort(DnsMessage message)
    {
        Span<byte> wire = stackalloc byte[DnsMessageWriter.MinDestination];
        var length = DnsMessageWriter.Write(message, wire, out var truncated);
        var again = Reread(wire[..length]);
        Property.Same(message.IsTruncated || truncated, again.IsTruncated, "a message that was cut says so");
        Property.Same(WireText.Of(message.Answers.Take(again.Answers.Count)), WireText.Of(again.Answers), "a cut message holds the first answers");
        Property.Same(truncated, again.Answers.Count < message.Answers.Count || again.Authorities.Count < message.Authorities.Count,
            "a message is truncated if and only if answers or authorities are missing");
        Property.Same(message.EdnsPayloadSize, again.EdnsPayloadSize, "the OPT record always stays");
    }

    private static DnsMessage Reread(ReadOnlySpan<byte> wire) =>
        DnsMessageReader.TryRead(wire, out var message, out var error) ? message
            : throw new PropertyException($"what the writer wrote cannot be read: {error}\n{Convert.ToHexString(wire)}");
}
