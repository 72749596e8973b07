using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace Gateway.Smtp;

// How a connection begins: the socket, and TLS.
public sealed partial class SmtpConnection
{
    /// <summary>A connection over a stream that is there already; both are closed together.</summary>
    /// <param name="stream">The connection.</param>
    /// <param name="time">The clock of its deadline.</param>
    /// <param name="endWriting">Closes the direction to the server only; null where the stream cannot.</param>
    public static SmtpConnection Over(Stream stream, TimeProvider time, Func<ValueTask>? endWriting = null) =>
        new(stream, null, new ClientDeadline(time), endWriting);

    /// <summary>Connects to a server.</summary>
    /// <param name="server">Its address and port, or its name and port.</param>
    /// <param name="source">The address of this machine that the connection comes from; null leaves it to the system.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="time">The clock of the deadline.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="SmtpConnectionException">There is no connection.</exception>
    public static async Task<SmtpConnection> ConnectAsync(
        EndPoint server, IPAddress? source, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        var deadline = new ClientDeadline(time);
        await using var cancelled = deadline.EndWith(cancellationToken);
        return await ConnectAsync(server, source, limit, deadline);
    }

    internal static async Task<SmtpConnection> ConnectAsync(EndPoint server, IPAddress? source, TimeSpan limit, ClientDeadline deadline)
    {
        // Without a family the socket takes whatever addresses a name has.
        var family = source?.AddressFamily ?? (server is IPEndPoint ? server.AddressFamily : AddressFamily.Unspecified);
        var socket = family == AddressFamily.Unspecified ? new Socket(SocketType.Stream, ProtocolType.Tcp) : new Socket(family, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // What belongs together is written together here, so Nagle's algorithm could only delay it.
            socket.NoDelay = true;
            if (source is not null)
                socket.Bind(new IPEndPoint(source, 0));
            deadline.Set("connect", limit);
            await socket.ConnectAsync(server, deadline.Token);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            throw e is SocketException ? new SmtpConnectionException(SmtpConnectionFailure.Lost, e.Message, "connect") : deadline.Passed("no connection");
        }
        return new(new NetworkStream(socket, ownsSocket: true), socket, deadline);
    }

    /// <summary>The TLS handshake after a positive reply to STARTTLS.</summary>
    /// <exception cref="SmtpConnectionException">There is no TLS.</exception>
    public ValueTask UpgradeAsync(ClientTls tls, TimeSpan limit)
    {
        // What follows the reply in the clear was put there by somebody else, to be read as if TLS had protected it.
        if (!IsSilent())
            throw SmtpConnectionException.OutOfStep("the server sent plaintext after its answer, or closed the connection", "STARTTLS");
        return SecureAsync(tls, limit);
    }

    /// <summary>The TLS handshake on what has been the clear connection.</summary>
    /// <exception cref="SmtpConnectionException">There is no TLS.</exception>
    public async ValueTask SecureAsync(ClientTls tls, TimeSpan limit)
    {
        Deadline.Set("TLS", limit);
        var secured = new SslStream(_stream, leaveInnerStreamOpen: false);
        _stream = secured;
        try
        {
            await secured.AuthenticateAsClientAsync(tls.Options(distrust => _distrust = distrust), Deadline.Token);
            IsSecured = true;
        }
        catch (Exception e) when (IsOfTheConnection(e))
        {
            if (e is OperationCanceledException)
                throw Deadline.Passed("the server did not complete the TLS handshake");
            // The outer exception says "see inner exception".
            throw _distrust is not null && tls.Verify ? new(SmtpConnectionFailure.NoTls, _distrust, "TLS handshake")
                : new SmtpConnectionException(SmtpConnectionFailure.NoTls, $"the TLS handshake failed: {Reply.Printable((e.InnerException ?? e).Message)}");
        }
    }
}
