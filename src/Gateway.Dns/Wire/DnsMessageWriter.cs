using System.Net;
using System.Text;

namespace Gateway.Dns;

/// <summary>Writes a message in wire form (RFC 1035 §4), with compressed names.</summary>
public static class DnsMessageWriter
{
    /// <summary>RFC 1035 §2.3.4: what every transport carries. Header, question and OPT always fit.</summary>
    public const int MinDestination = 512;

    private const int OptLength = 11;
    private const int MaxOptionOctets = 200;
    private const int MaxNames = 64;

    /// <summary>
    /// Returns how many octets were written. What does not fit is cut by whole records: <paramref name="truncated"/> and the
    /// TC bit then say so, but not for additional records alone (RFC 2181 §9). The OPT record always stays (RFC 6891 §7).
    /// </summary>
    /// <exception cref="ArgumentException">The destination is shorter than <see cref="MinDestination"/>, or a record has no wire form.</exception>
    public static int Write(DnsMessage message, Span<byte> destination, out bool truncated)
    {
        if (destination.Length < MinDestination)
            throw new ArgumentException($"A message needs room for {MinDestination} octets", nameof(destination));
        var writer = new WireWriter(destination, stackalloc ushort[MaxNames]);
        var options = message.EdnsPayloadSize is null ? 0 : OptionsLength(message.ExtendedErrors);
        writer.Reserve(message.EdnsPayloadSize is null ? 0 : OptLength + options);
        for (var i = 0; i < WireReader.HeaderLength / 2; i++)
            writer.WriteUInt16(0);
        if (message.Question is { } question)
        {
            writer.WriteName(question.Name);
            writer.WriteUInt16((ushort)question.Type);
            writer.WriteUInt16(message.QuestionClass);
        }
        truncated = false;
        var answers = WriteSection(ref writer, message.Answers, ref truncated);
        var authorities = truncated ? 0 : WriteSection(ref writer, message.Authorities, ref truncated);
        var isFull = truncated;
        var additionals = truncated ? 0 : WriteSection(ref writer, message.Additionals, ref isFull);
        if (message.EdnsPayloadSize is { } payloadSize)
        {
            writer.Reserve(0);
            WriteEdns(ref writer, message, payloadSize, options);
            additionals++;
        }
        writer.PatchUInt16(0, message.Id);
        writer.PatchUInt16(2, (ushort)Flags(message, truncated));
        writer.PatchUInt16(4, (ushort)(message.Question is null ? 0 : 1));
        writer.PatchUInt16(6, (ushort)answers);
        writer.PatchUInt16(8, (ushort)authorities);
        writer.PatchUInt16(10, (ushort)additionals);
        return writer.Position;
    }

    private static HeaderFlags Flags(DnsMessage message, bool truncated) =>
        (message.IsResponse ? HeaderFlags.Response : 0)
        | ((HeaderFlags)(message.OpCode << 11) & HeaderFlags.OpCodes)
        | (message.IsAuthoritative ? HeaderFlags.Authoritative : 0)
        | (message.IsTruncated || truncated ? HeaderFlags.Truncated : 0)
        | (message.RecursionDesired ? HeaderFlags.RecursionDesired : 0)
        | (message.RecursionAvailable ? HeaderFlags.RecursionAvailable : 0)
        | (message.IsAuthenticated ? HeaderFlags.Authenticated : 0)
        | ((HeaderFlags)LowerCode(message) & HeaderFlags.ResponseCodes);

    // Without EDNS there is no place for the upper bits, and the lower ones alone would be another code.
    private static ResponseCode LowerCode(DnsMessage message) =>
        message.EdnsPayloadSize is null && (ushort)message.ResponseCode > 15 ? ResponseCode.ServerFailure : message.ResponseCode;

    private static int WriteSection(ref WireWriter writer, IReadOnlyList<ResourceRecord> records, ref bool isFull)
    {
        for (var i = 0; i < records.Count; i++)
        {
            var mark = writer.Mark();
            WriteRecord(ref writer, records[i]);
            if (!writer.IsFull)
                continue;
            writer.GoBack(mark);
            isFull = true;
            return i;
        }
        return records.Count;
    }

    private static void WriteRecord(ref WireWriter writer, ResourceRecord record)
    {
        writer.WriteName(record.Owner);
        writer.WriteUInt16((ushort)record.Type);
        writer.WriteUInt16(DnsMessage.InternetClass);
        writer.WriteUInt32(Math.Min(Seconds(record.TimeToLive), int.MaxValue));
        writer.WriteUInt16(0);
        var content = writer.Position;
        WriteContent(ref writer, record);
        if (!writer.IsFull)
            writer.PatchUInt16(content - 2, checked((ushort)(writer.Position - content)));
    }

    private static void WriteContent(ref WireWriter writer, ResourceRecord record)
    {
        switch (record)
        {
            case AddressRecord address:
                WriteAddress(ref writer, address.Address);
                break;
            case PtrRecord pointer:
                writer.WriteName(pointer.Target);
                break;
            case CnameRecord alias:
                writer.WriteName(alias.Target);
                break;
            case NsRecord server:
                writer.WriteName(server.Host);
                break;
            case MxRecord exchange:
                writer.WriteUInt16(exchange.Preference);
                writer.WriteName(exchange.Exchange);
                break;
            case SoaRecord start:
                WriteStart(ref writer, start);
                break;
            case TxtRecord text:
                WriteStrings(ref writer, text.Strings);
                break;
            case OpaqueRecord opaque:
                writer.WriteOctets(opaque.Content.Span);
                break;
            default:
                throw new ArgumentException($"{record.GetType().Name} has no wire form", nameof(record));
        }
    }

    private static void WriteAddress(ref WireWriter writer, IPAddress address)
    {
        Span<byte> octets = stackalloc byte[16];
        address.TryWriteBytes(octets, out var length);
        writer.WriteOctets(octets[..length]);
    }

    private static void WriteStart(ref WireWriter writer, SoaRecord start)
    {
        writer.WriteName(start.PrimaryServer);
        writer.WriteName(start.Mailbox);
        writer.WriteUInt32(start.Serial);
        writer.WriteUInt32(Seconds(start.Refresh));
        writer.WriteUInt32(Seconds(start.Retry));
        writer.WriteUInt32(Seconds(start.Expire));
        writer.WriteUInt32(Seconds(start.Minimum));
    }

    private static void WriteStrings(ref WireWriter writer, IReadOnlyList<ReadOnlyMemory<byte>> strings)
    {
        foreach (var text in strings)
        {
            if (text.Length > byte.MaxValue)
                throw new ArgumentException("A string of TXT has more than 255 octets (RFC 1035 §3.3.14)", nameof(strings));
            writer.WriteByte((byte)text.Length);
            writer.WriteOctets(text.Span);
        }
    }

    // Explanations are a courtesy: too long ones stay behind rather than push out the answer.
    private static int OptionsLength(IReadOnlyList<ExtendedDnsError> errors)
    {
        var length = 0;
        foreach (var error in errors)
            length += 6 + Encoding.UTF8.GetByteCount(error.Text);
        return length <= MaxOptionOctets ? length : 0;
    }

    private static void WriteEdns(ref WireWriter writer, DnsMessage message, ushort payloadSize, int options)
    {
        writer.WriteByte(0);
        writer.WriteUInt16((ushort)RecordType.Opt);
        writer.WriteUInt16(payloadSize);
        writer.WriteByte((byte)((ushort)message.ResponseCode >> 4));
        writer.WriteByte(message.EdnsVersion);
        writer.WriteUInt16(0);
        writer.WriteUInt16((ushort)options);
        if (options == 0)
            return;
        foreach (var error in message.ExtendedErrors)
        {
            var text = Encoding.UTF8.GetBytes(error.Text);
            writer.WriteUInt16(RecordReader.ExtendedErrorOption);
            writer.WriteUInt16((ushort)(2 + text.Length));
            writer.WriteUInt16(error.InfoCode);
            writer.WriteOctets(text);
        }
    }

    private static uint Seconds(TimeSpan time) => (uint)Math.Clamp(time.Ticks / TimeSpan.TicksPerSecond, 0, uint.MaxValue);
}
