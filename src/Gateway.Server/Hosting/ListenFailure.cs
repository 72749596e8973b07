using System.Net;
using System.Net.Sockets;

namespace Gateway.Server.Hosting;

/// <summary>Why an endpoint cannot be listened on, and what helps, in words for the administrator.</summary>
internal static class ListenFailure
{
    private const string HowToGetLowPorts =
        "ports below 1024 are for privileged programs. Either grant the capability"
        + " (\"setcap cap_net_bind_service=+ep\" on the program, or AmbientCapabilities=CAP_NET_BIND_SERVICE in its systemd unit),"
        + " or listen on a port above 1023 and forward port 25 to it";

    /// <param name="endpoints">All that were wanted.</param>
    /// <param name="error">Of the transport, which names the endpoint only when its port is in use.</param>
    public static string Describe(IReadOnlyList<IPEndPoint> endpoints, Exception error)
    {
        var (code, failed) = error is SocketException refused
            ? (refused.SocketErrorCode, endpoints.FirstOrDefault(endpoint => ErrorOf(endpoint) == refused.SocketErrorCode))
            : (SocketError.AddressAlreadyInUse, endpoints.FirstOrDefault(endpoint => error.Message.Contains($"//{endpoint}:", StringComparison.Ordinal)));
        return failed is null
            ? $"cannot listen on all of {string.Join(", ", endpoints)}: {error.Message}"
            : $"cannot listen on {failed}: {Explain(failed, code, error.Message)}";
    }

    internal static string Explain(IPEndPoint endpoint, SocketError code, string message) => code switch
    {
        SocketError.AccessDenied when endpoint.Port < 1024 => $"permission denied; {HowToGetLowPorts}",
        SocketError.AccessDenied => "permission denied",
        SocketError.AddressAlreadyInUse => $"a program uses this port already (\"ss -ltnp\" shows which)",
        SocketError.AddressNotAvailable => $"{endpoint.Address} is no address of this machine",
        _ => message,
    };

    // Asked by binding once more.
    private static SocketError? ErrorOf(IPEndPoint endpoint)
    {
        try
        {
            using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(endpoint);
            socket.Listen();
            return null;
        }
        catch (SocketException refused)
        {
            return refused.SocketErrorCode;
        }
    }
}
