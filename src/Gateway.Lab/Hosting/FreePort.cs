using System.Net;
using System.Net.Sockets;

namespace Gateway.Lab.Hosting;

/// <summary>Ports that the lab would like to have, but need not.</summary>
internal static class FreePort
{
    /// <summary>Whether this machine has the address. macOS has 127.0.0.1 only, until it is told of others.</summary>
    public static bool IsOurs(IPAddress address)
    {
        try
        {
            using var tcp = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            tcp.Bind(new IPEndPoint(address, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>The endpoint, or any port of its address when that one is taken for TCP or UDP.</summary>
    public static IPEndPoint For(IPEndPoint wanted)
    {
        // Asked by binding, for a port may be taken by anybody; what the lab prints is what was really bound.
        try
        {
            using var tcp = new Socket(wanted.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { ExclusiveAddressUse = true };
            tcp.Bind(wanted);
            using var udp = new Socket(wanted.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            udp.Bind(wanted);
            return wanted;
        }
        catch (SocketException)
        {
            return new(wanted.Address, 0);
        }
    }
}
