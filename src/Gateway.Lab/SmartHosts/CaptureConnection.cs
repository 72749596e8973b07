using System.Net.Sockets;

namespace Gateway.Lab.SmartHosts;

/// <summary>
/// One connection to the lab's smart host, which can be made to fail: closed without a word, or deaf, also within a message.
/// </summary>
internal sealed class CaptureConnection(Socket socket, TimeProvider time, CancellationToken stopping) : NetworkStream(socket, ownsSocket: true)
{
    private readonly byte[] _swallowed = new byte[4096];
    private readonly CancellationTokenSource _gone = CancellationTokenSource.CreateLinkedTokenSource(stopping);
    private SmartHostAnswer.At? _inMessage;

    /// <summary>The connection is closed from here, or the host stops: the session ends without a word.</summary>
    public CancellationToken Gone => _gone.Token;

    /// <summary>The next octets that come are the message's, and this happens when they do.</summary>
    public void Expect(SmartHostAnswer.At? answer) => _inMessage = answer;

    /// <summary>The message has come; was it small, it came whole before anything could happen, and it happens now.</summary>
    public ValueTask MeetAsync(CancellationToken cancellationToken)
    {
        if (_inMessage is not { } answer)
            return ValueTask.CompletedTask;
        _inMessage = null;
        return PerformAsync(answer, cancellationToken);
    }

    /// <summary>The delay and the failure of an answer; nothing else is said here.</summary>
    /// <exception cref="OperationCanceledException">The connection is gone.</exception>
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

    // Who never answers still hears: a peer that gives up is noticed, and the connection does not stay for ever.
    private async ValueTask SwallowAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await base.ReadAsync(_swallowed, cancellationToken) > 0)
                continue;
        }
        catch (IOException)
        {
            // The other side broke off: that is its end, too.
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await base.ReadAsync(buffer, cancellationToken);
        if (count > 0)
            await MeetAsync(Gone);
        return count;
    }

    /// <summary>Closes at once. Callable from anywhere.</summary>
    public void HangUp()
    {
        Socket.Dispose();
        try
        {
            _gone.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It had ended by itself.
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _gone.Dispose();
        base.Dispose(disposing);
    }
}
