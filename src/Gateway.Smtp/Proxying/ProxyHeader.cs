using System.Buffers;
using System.Net;

namespace Gateway.Smtp;

/// <summary>
/// The header of the PROXY protocol (haproxy's doc/proxy-protocol.txt, versions 1 and 2): the endpoints of the connection that the
/// proxy took. Both are null when it speaks for itself (LOCAL, UNKNOWN) or for something that is no TCP connection over IP:
/// the socket's own endpoints hold then.
/// </summary>
public sealed record ProxyHeader(IPEndPoint? Source, IPEndPoint? Destination)
{
    /// <summary>Says nothing about anybody.</summary>
    public static ProxyHeader Local { get; } = new(null, null);

    /// <summary>Takes exactly the header off; what is behind it was said by the client. Nothing is taken unless it is complete.</summary>
    public static ProxyHeaderStatus TryRead(ref ReadOnlySequence<byte> octets, out ProxyHeader? header)
    {
        header = null;
        if (octets.IsEmpty)
            return ProxyHeaderStatus.Incomplete;
        return octets.FirstSpan.IsEmpty ? ReadOne(ref octets, octets.Slice(0, 1).ToArray()[0], out header)
            : ReadOne(ref octets, octets.FirstSpan[0], out header);
    }

    /// <summary>The line of version 1 (§2.1).</summary>
    public byte[] EncodeV1() => ProxyLine.Encode(this);

    /// <summary>The binary header of version 2 (§2.2).</summary>
    public byte[] EncodeV2() => ProxyBlock.Encode(this);

    // The first octet tells the versions apart, and no SMTP client begins with CR.
    private static ProxyHeaderStatus ReadOne(ref ReadOnlySequence<byte> octets, byte first, out ProxyHeader? header) =>
        first == '\r' ? ProxyBlock.TryRead(ref octets, out header) : ProxyLine.TryRead(ref octets, out header);

    /// <summary>
    /// Both endpoints in one family, as the header has room for one only: beside an IPv6 address, an IPv4 address is written as the
    /// IPv6 address that maps it.
    /// </summary>
    internal bool TryGetPair(out IPEndPoint source, out IPEndPoint destination)
    {
        source = destination = null!;
        if (Source is null)
            return false;
        source = Source;
        destination = Destination ?? new(source.Address.GetAddressBytes().Length == 4 ? IPAddress.Any : IPAddress.IPv6Any, 0);
        if (source.AddressFamily != destination.AddressFamily)
        {
            source = new(source.Address.MapToIPv6(), source.Port);
            destination = new(destination.Address.MapToIPv6(), destination.Port);
        }
        return true;
    }

    /// <summary>An IPv4-mapped address is the address that it maps: a proxy that listens on both families names IPv4 clients like that.</summary>
    internal static IPEndPoint EndpointOf(IPAddress address, int port) => new(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, port);
}
