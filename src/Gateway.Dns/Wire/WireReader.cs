using System.Buffers.Binary;

namespace Gateway.Dns;

/// <summary>
/// A cursor over one message. The first error sticks: what is read after it is zero, empty or the root, so that a
/// production reads its fields in a row and its caller asks once.
/// </summary>
internal ref struct WireReader(ReadOnlySpan<byte> wire)
{
    public const int HeaderLength = 12;

    // A name has at most 127 labels, and every pointer of an honest writer stands behind a label or begins the name.
    private const int MaxPointers = 127;

    private readonly ReadOnlySpan<byte> _wire = wire;
    private DomainName? _firstName;

    public int Position { get; private set; }

    public string? Error { get; private set; }

    public readonly int Remaining => _wire.Length - Position;

    public byte ReadByte()
    {
        var octets = ReadOctets(1);
        return octets.IsEmpty ? (byte)0 : octets[0];
    }

    public ushort ReadUInt16()
    {
        var octets = ReadOctets(2);
        return octets.IsEmpty ? (ushort)0 : BinaryPrimitives.ReadUInt16BigEndian(octets);
    }

    public uint ReadUInt32()
    {
        var octets = ReadOctets(4);
        return octets.IsEmpty ? 0 : BinaryPrimitives.ReadUInt32BigEndian(octets);
    }

    public ReadOnlySpan<byte> ReadOctets(int count)
    {
        if (Error is not null || count > Remaining)
        {
            Fail("ends too early");
            return default;
        }
        var octets = _wire.Slice(Position, count);
        Position += count;
        return octets;
    }

    /// <summary>RFC 1035 §4.1.4: labels, then the root or a pointer to an earlier name.</summary>
    public DomainName ReadName()
    {
        if (Error is not null)
            return DomainName.Root;
        if (IsPointerToFirstName())
        {
            Position += 2;
            return _firstName!;
        }
        Span<byte> buffer = stackalloc byte[DomainName.MaxLength];
        var isFirst = Position == HeaderLength;
        var length = Expand(buffer);
        if (length == 0)
            return DomainName.Root;
        var name = DomainName.FromWire(buffer[..length])!;
        if (isFirst)
            _firstName = name;
        return name;
    }

    public void Fail(string error) => Error ??= $"{error} at octet {Position}";

    // Nearly every owner in a response is a pointer to the question's name: one object serves them all.
    private readonly bool IsPointerToFirstName() =>
        _firstName is not null && Remaining >= 2 && _wire[Position] == 0xC0 && _wire[Position + 1] == HeaderLength;

    private int Expand(scoped Span<byte> name)
    {
        int length = 0, at = Position, segment = Position, end = -1, pointers = 0;
        while (true)
        {
            if (at >= _wire.Length)
                return FailName("a name runs over the end");
            int octet = _wire[at];
            switch (octet & 0xC0)
            {
                case 0x00:
                    if (at + 1 + octet > _wire.Length)
                        return FailName("a label runs over the end");
                    if (length + 1 + octet > name.Length)
                        return FailName("a name is longer than 255 octets");
                    _wire.Slice(at, 1 + octet).CopyTo(name[length..]);
                    length += 1 + octet;
                    at += 1 + octet;
                    if (octet > 0)
                        continue;
                    Position = end < 0 ? at : end;
                    return length;
                case 0xC0:
                    if (at + 1 >= _wire.Length)
                        return FailName("a pointer runs over the end");
                    var target = ((octet & 0x3F) << 8) | _wire[at + 1];
                    end = end < 0 ? at + 2 : end;
                    // "A prior occurence": before all that this name was made of so far, hence never in a circle.
                    if (target >= segment || target < HeaderLength)
                        return FailName("a pointer does not point back to a name");
                    if (++pointers > MaxPointers)
                        return FailName("too many pointers in a name");
                    at = segment = target;
                    break;
                default:
                    // 01 was EDNS0's extended label and is withdrawn (RFC 6891 §5); 10 was never assigned.
                    return FailName("a label of a reserved type");
            }
        }
    }

    private int FailName(string error)
    {
        Fail(error);
        return 0;
    }
}
