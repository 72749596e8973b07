using System.Net;
using System.Net.Sockets;

namespace Gateway.Server.Hosting.Listening;

/// <summary>
/// Asks the system for the next connection, and waits a little where few file descriptors are left, or it has no connection to give.
/// The clients wait in the backlog meanwhile. One warning when that begins, one line when it is over. Safe for concurrent use.
/// </summary>
internal sealed class AcceptPatience(DescriptorHeadroom headroom, TimeProvider time, ILogger logger)
{
    /// <summary>Short beside a client's patience for a greeting (5 minutes, RFC 5321 §4.5.3.2.1), long beside what a try costs.</summary>
    public static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(250);

    /// <summary>While connections come and go, a place gets free now and then. It is over when no try has failed for so long.</summary>
    public static readonly TimeSpan Calm = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private long? _began;
    private long _failed;

    /// <summary>Null when <paramref name="unbound"/> is cancelled, or the socket was closed.</summary>
    public async ValueTask<Socket?> AcceptAsync(Func<ValueTask<Socket>> accept, EndPoint endpoint, CancellationToken unbound)
    {
        while (!unbound.IsCancellationRequested)
        {
            try
            {
                if (!headroom.IsShort || headroom.HasRoomAgain())
                {
                    var client = await accept();
                    if (headroom.Takes(client))
                        Failed(endpoint, null);
                    else
                        Succeeded(endpoint);
                    return client;
                }
                _failed = time.GetTimestamp();
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.OperationAborted or SocketError.Interrupted)
            {
                return null;
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
            {
                // The client hung up in the backlog. The next one waits behind it.
                continue;
            }
            catch (SocketException error)
            {
                Failed(endpoint, error);
            }
            // Unbinding ends the wait, and is no failure of it.
            await Task.Delay(Wait, time, unbound).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return null;
    }

    /// <param name="endpoint">Where.</param>
    /// <param name="error">Null: few descriptors are left.</param>
    private void Failed(EndPoint endpoint, SocketException? error)
    {
        lock (_gate)
        {
            _failed = time.GetTimestamp();
            if (_began is not null)
                return;
            _began = _failed;
        }
        if (error is null or { SocketErrorCode: SocketError.TooManyOpenSockets })
            ListeningLog.NoDescriptorLeft(logger, endpoint);
        else
            ListeningLog.CannotAccept(logger, endpoint, error.Message);
    }

    private void Succeeded(EndPoint endpoint)
    {
        // Nearly always nothing was wrong, and a connection costs no lock.
        if (_began is null)
            return;
        TimeSpan lasted;
        lock (_gate)
        {
            if (_began is not { } began || time.GetElapsedTime(_failed) < Calm)
                return;
            lasted = time.GetElapsedTime(began, _failed);
            _began = null;
        }
        ListeningLog.AcceptsAgain(logger, endpoint, lasted.TotalSeconds);
    }
}
