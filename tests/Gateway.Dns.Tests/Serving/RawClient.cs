using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Dns.Tests.Serving;

/// <summary>Sends octets to a server and reads what comes back, so that tests can send what no resolver would.</summary>
internal static class RawClient
{
    public static byte[] Encode(DnsMessage message)
    {
        var wire = new byte[DnsMessageWriter.MinDestination];
        return wire[..DnsMessageWriter.Write(message, wire, out _)];
    }

    public static DnsMessage Decode(byte[] wire)
    {
        Assert.True(DnsMessageReader.TryRead(wire, out var message, out var error), error);
        return message;
    }

    public static async Task<byte[]> UdpAsync(IPEndPoint server, params byte[][] queries)
    {
        using var client = new UdpClient(server.AddressFamily);
        client.Connect(server);
        foreach (var query in queries)
            await client.SendAsync(query);
        return (await client.ReceiveAsync(Patience())).Buffer;
    }

    public static async Task<byte[]> TcpAsync(IPEndPoint server, params byte[][] queries)
    {
        using var client = await ConnectAsync(server);
        foreach (var query in queries)
            await client.GetStream().WriteAsync(Frame(query));
        return await ReceiveAsync(client);
    }

    public static async Task<TcpClient> ConnectAsync(IPEndPoint server)
    {
        var client = new TcpClient(server.AddressFamily);
        await client.ConnectAsync(server);
        return client;
    }

    public static byte[] Frame(byte[] query)
    {
        var frame = new byte[query.Length + 2];
        BinaryPrimitives.WriteUInt16BigEndian(frame, (ushort)query.Length);
        query.CopyTo(frame, 2);
        return frame;
    }

    public static async Task<byte[]> ReceiveAsync(TcpClient client)
    {
        var length = new byte[2];
        await client.GetStream().ReadExactlyAsync(length, Patience());
        var wire = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await client.GetStream().ReadExactlyAsync(wire, Patience());
        return wire;
    }

    // Only a broken server makes a test wait so long.
    public static CancellationToken Patience() => new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;
}
