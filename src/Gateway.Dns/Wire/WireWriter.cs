using System.Buffers.Binary;

namespace Gateway.Dns;

/// <summary>
/// A cursor that writes one message. What does not fit is not written and <see cref="IsFull"/> sticks, until the
/// caller goes back to a <see cref="Mark"/>.
/// </summary>
internal ref struct WireWriter(Span<byte> destination, Span<ushort> names)
{
    private readonly Span<byte> _destination = destination;

    // Where labels start that later names can point to. Bounded: what is not found costs octets, never correctness.
    private readonly Span<ushort> _names = names;
    private int _nameCount;
    private int _end = destination.Length;

    public readonly record struct Place(int Position, int NameCount);

    public int Position { get; private set; }

    public bool IsFull { get; private set; }

    public readonly Place Mark() => new(Position, _nameCount);

    public void GoBack(Place mark)
    {
        Position = mark.Position;
        _nameCount = mark.NameCount;
        IsFull = false;
    }

    /// <summary>Keeps octets free at the end; a later call with 0 gives them back.</summary>
    public void Reserve(int octets) => _end = _destination.Length - octets;

    public void WriteByte(byte value)
    {
        if (Take(1) is [_, ..] place)
            place[0] = value;
    }

    public void WriteUInt16(ushort value)
    {
        if (Take(2) is [_, ..] place)
            BinaryPrimitives.WriteUInt16BigEndian(place, value);
    }

    public void WriteUInt32(uint value)
    {
        if (Take(4) is [_, ..] place)
            BinaryPrimitives.WriteUInt32BigEndian(place, value);
    }

    public void WriteOctets(scoped ReadOnlySpan<byte> octets)
    {
        var place = Take(octets.Length);
        if (!IsFull)
            octets.CopyTo(place);
    }

    public readonly void PatchUInt16(int at, ushort value) => BinaryPrimitives.WriteUInt16BigEndian(_destination[at..], value);

    /// <summary>
    /// RFC 1035 §4.1.4. Octets are compared as they are, not without case: so every name arrives in the case it has.
    /// </summary>
    public void WriteName(DomainName name)
    {
        var labels = name.Wire;
        for (var at = 0; labels[at] != 0; at += labels[at] + 1)
        {
            if (Find(labels[at..]) is { } earlier)
            {
                WriteUInt16((ushort)(0xC000 | earlier));
                return;
            }
            var start = Position;
            WriteOctets(labels.Slice(at, labels[at] + 1));
            if (!IsFull && start <= 0x3FFF && _nameCount < _names.Length)
                _names[_nameCount++] = (ushort)start;
        }
        WriteByte(0);
    }

    private readonly int? Find(ReadOnlySpan<byte> suffix)
    {
        foreach (var at in _names[.._nameCount])
            if (_destination[at] == suffix[0] && IsAt(at, suffix))
                return at;
        return null;
    }

    private readonly bool IsAt(int at, ReadOnlySpan<byte> suffix)
    {
        while (true)
        {
            // What stands here was written here: every pointer leads back, and every name is whole except the one
            // just being written, which ends at the cursor.
            while (at < Position && (_destination[at] & 0xC0) == 0xC0)
                at = ((_destination[at] & 0x3F) << 8) | _destination[at + 1];
            if (at >= Position || _destination[at] != suffix[0])
                return false;
            if (suffix[0] == 0)
                return true;
            var length = suffix[0] + 1;
            if (!_destination.Slice(at, length).SequenceEqual(suffix[..length]))
                return false;
            at += length;
            suffix = suffix[length..];
        }
    }

    private Span<byte> Take(int count)
    {
        if (IsFull || count > _end - Position)
        {
            IsFull = true;
            return default;
        }
        var place = _destination.Slice(Position, count);
        Position += count;
        return place;
    }
}
