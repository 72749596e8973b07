using System.Net;
using System.Net.Sockets;

namespace Gateway.Lab.Hosting;

/// <summary>Finds free ports for the lab, which prefers certain ports but does not need them.</summary>
internal static class FreePort
{
    /// <summary>Whether this machine has the address. macOS has only 127.0.0.1, until others are added.</summary>
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

    /// <summary>The endpoint if its port is free for TCP and UDP; otherwise the same address with port 0.</summary>
    public static IPEndPoint For(IPEndPoint wanted)
    {
        // Binding is the only sure test. Another program may still take the port afterwards, so the lab prints the port that it really got.
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
