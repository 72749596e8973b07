using System.Net;
using System.Net.Sockets;

namespace Gateway.EndToEnd;

/// <summary>
/// Hands out loopback ports that nothing listens on. They lie below the system's ephemeral range, so that no outgoing
/// connection takes one between the asking and the use, and none is handed out twice.
/// </summary>
internal static class FreePort
{
    private const int First = 18_000, Count = 14_000;
    private static int _next = Environment.ProcessId * 97 % Count;

    public static int Next()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _next) % Count);
            if (IsFree(port, SocketType.Stream, ProtocolType.Tcp) && IsFree(port, SocketType.Dgram, ProtocolType.Udp))
                return port;
        }
    }

    private static bool IsFree(int port, SocketType type, ProtocolType protocol)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}
