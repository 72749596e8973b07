using System.Buffers.Binary;
using System.Net;

namespace Gateway.Server.Users;

/// <summary>Who a client is to those that count: an IPv4 address, or an IPv6 /64, for that is what one customer gets (RFC 6177 §2).</summary>
internal readonly record struct ClientKey(UInt128 Value)
{
    public static ClientKey Of(IPAddress address)
    {
        Span<byte> octets = stackalloc byte[16];
        octets.Clear();
        address.TryWriteBytes(octets, out var written);
        if (written == 16)
            octets[8..].Clear();
        return new(BinaryPrimitives.ReadUInt128BigEndian(octets) ^ (UInt128)written);
    }
}
