using System.Buffers;
using System.Buffers.Binary;
using System.Net;

namespace Gateway.Smtp;

/// <summary>Version 2 of the PROXY protocol (§2.2): a signature, what the proxy does, the addresses, and more (TLVs).</summary>
internal static class ProxyBlock
{
    /// <summary>Octets behind the fixed part. The field could say 65,535; haproxy with all of its TLVs stays far below this.</summary>
    public const int MaxLength = 4096;

    private const int FixedLength = 16;

    // §2.2.3 and §2.2.4: the type, two octets of length.
    private const int TlvHead = 3;
    private const byte Crc32CType = 0x03;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    public static ProxyHeaderStatus TryRead(ref ReadOnlySequence<byte> octets, out ProxyHeader? header)
    {
        header = null;
        Span<byte> start = stackalloc byte[FixedLength];
        var have = (int)Math.Min(octets.Length, FixedLength);
        octets.Slice(0, have).CopyTo(start);
        var known = Math.Min(have, Signature.Length);
        if (!start[..known].SequenceEqual(Signature[..known]))
            return ProxyHeaderStatus.Invalid;
        if (have > 12 && start[12] is not (0x20 or 0x21))
            return ProxyHeaderStatus.Invalid;
        if (have < FixedLength)
            return ProxyHeaderStatus.Incomplete;
        var length = BinaryPrimitives.ReadUInt16BigEndian(start[14..]);
        if (length > MaxLength)
            return ProxyHeaderStatus.Invalid;
        if (octets.Length < FixedLength + length)
            return ProxyHeaderStatus.Incomplete;
        var whole = octets.Slice(0, FixedLength + length);
        header = whole.IsSingleSegment ? Parse(whole.FirstSpan) : Parse(whole.ToArray());
        if (header is null)
            return ProxyHeaderStatus.Invalid;
        octets = octets.Slice(FixedLength + length);
        return ProxyHeaderStatus.Complete;
    }

    public static byte[] Encode(ProxyHeader header)
    {
        if (!header.TryGetPair(out var source, out var destination))
            return [.. Signature, 0x20, 0x00, 0, 0];
        var from = source.Address.GetAddressBytes();
        var isIPv4 = from.Length == 4;
        byte[] block = [.. from, .. destination.Address.GetAddressBytes(), 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(block.AsSpan(block.Length - 4), (ushort)source.Port);
        BinaryPrimitives.WriteUInt16BigEndian(block.AsSpan(block.Length - 2), (ushort)destination.Port);
        return [.. Signature, 0x21, isIPv4 ? (byte)0x11 : (byte)0x21, 0, (byte)block.Length, .. block];
    }

    private static ProxyHeader? Parse(ReadOnlySpan<byte> whole)
    {
        // §2.2: of LOCAL everything is discarded, the family, too.
        if (whole[12] == 0x20)
            return ProxyHeader.Local;
        // §2.2: family in the upper half (UNSPEC, INET, INET6, UNIX), transport in the lower (UNSPEC, STREAM, DGRAM); others must be dropped.
        var (family, transport) = (whole[13] >> 4, whole[13] & 0xF);
        if (family > 3 || transport > 2)
            return null;
        var body = whole[FixedLength..];
        // What UNSPEC means has no known length, so there is no telling where the TLVs begin.
        if (family == 0)
            return ProxyHeader.Local;
        var addresses = family switch { 1 => 12, 2 => 36, _ => 216 };
        if (body.Length < addresses || !AreTlvsSound(whole, FixedLength + addresses))
            return null;
        return family == 3 || transport != 1 ? ProxyHeader.Local : Endpoints(body, family == 1 ? 4 : 16);
    }

    private static ProxyHeader Endpoints(ReadOnlySpan<byte> body, int size) => new(
        ProxyHeader.EndpointOf(new IPAddress(body[..size]), BinaryPrimitives.ReadUInt16BigEndian(body[(2 * size)..])),
        ProxyHeader.EndpointOf(new IPAddress(body[size..(2 * size)]), BinaryPrimitives.ReadUInt16BigEndian(body[(2 * size + 2)..])));

    /// <summary>They are skipped, but must fill what is left; a checksum must be right when there is one (§2.2.5).</summary>
    private static bool AreTlvsSound(ReadOnlySpan<byte> whole, int at)
    {
        while (at < whole.Length)
        {
            if (whole.Length - at < TlvHead)
                return false;
            var length = BinaryPrimitives.ReadUInt16BigEndian(whole[(at + 1)..]);
            if (length > whole.Length - at - TlvHead)
                return false;
            if (whole[at] == Crc32CType && (length != 4 || !IsChecksumRight(whole, at + TlvHead)))
                return false;
            at += TlvHead + length;
        }
        return true;
    }

    // The sum is that of the header with zeros in its own place.
    private static bool IsChecksumRight(ReadOnlySpan<byte> whole, int place)
    {
        var sum = Crc32C.Start;
        sum = Crc32C.Add(sum, whole[..place]);
        sum = Crc32C.Add(sum, [0, 0, 0, 0]);
        sum = Crc32C.Add(sum, whole[(place + 4)..]);
        return Crc32C.End(sum) == BinaryPrimitives.ReadUInt32BigEndian(whole[place..]);
    }
}
