using System.Net.Sockets;

namespace Gateway.Lab.SmartHosts;

/// <summary>
/// One connection to the lab's smart host. It can be made to fail: to close without a reply, or never to answer, also within a message.
/// </summary>
internal sealed class CaptureConnection(Socket socket, TimeProvider time, CancellationToken stopping) : NetworkStream(socket, ownsSocket: true)
{
    private readonly byte[] _swallowed = new byte[4096];
    private readonly CancellationTokenSource _gone = CancellationTokenSource.CreateLinkedTokenSource(stopping);
    private SmartHostAnswer.At? _inMessage;

    /// <summary>Cancelled when this side closes the connection, or the host stops. The session then ends without a reply.</summary>
    public CancellationToken Gone => _gone.Token;

    /// <summary>Sets what happens when the first octets of the message arrive.</summary>
    public void Expect(SmartHostAnswer.At? answer) => _inMessage = answer;

    /// <summary>Called when the message has arrived. If a small message arrived at once, the failure happens now.</summary>
    public ValueTask MeetAsync(CancellationToken cancellationToken)
    {
        if (_inMessage is not { } answer)
            return ValueTask.CompletedTask;
        _inMessage = null;
        return PerformAsync(answer, cancellationToken);
    }

    /// <summary>Performs the delay and the failure of an answer, without its reply.</summary>
    /// <exception cref="OperationCanceledException">The connection is closed.</exception>
    public async ValueTask PerformAsync(SmartHostAnswer.At answer, CancellationToken cancellationToken)
    {
        if (answer.Delay > TimeSpan.Zero)
            await Task.Delay(answer.Delay, time, cancellationToken);
        if (answer is SmartHostAnswer.KeepsSilent)
            await SwallowAsync(cancellationToken);
        if (answer is not SmartHostAnswer.Drops and not SmartHostAnswer.KeepsSilent)
            return;
        HangUp();
        throw new OperationCanceledException(Gone);
    }

    // A smart host that never answers still reads, so it notices when the peer gives up, and closes the connection.
    private async ValueTask SwallowAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await base.ReadAsync(_swallowed, cancellationToken) > 0)
                continue;
        }
        catch (IOException)
        {
            // The peer reset the connection, which ends it too.
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await base.ReadAsync(buffer, cancellationToken);
        if (count > 0)
            await MeetAsync(Gone);
        return count;
    }

    /// <summary>Closes the connection at once. Safe to call from any thread.</summary>
    public void HangUp()
    {
        Socket.Dispose();
        try
        {
            _gone.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The connection was closed already.
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _gone.Dispose();
        base.Dispose(disposing);
    }
}
