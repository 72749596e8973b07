using System.Threading.Channels;
using Gateway.Server.Inbound;

namespace Gateway.Lab.Hosting;

/// <summary>Shows each connection when it ends, off the mail path. One reader writes; connections that come too fast are counted.</summary>
internal sealed class LabSessions(ILabScreen screen) : ISessionSink, IAsyncDisposable
{
    private const int Capacity = 1000;

    private readonly Channel<SessionRecord> _ended = Channel.CreateBounded<SessionRecord>(
        new BoundedChannelOptions(Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private Task _showing = Task.CompletedTask;
    private long _lost;

    public void Start() => _showing = ShowAsync();

    public void Ended(SessionRecord session)
    {
        if (!_ended.Writer.TryWrite(session))
            Interlocked.Increment(ref _lost);
    }

    private async Task ShowAsync()
    {
        await foreach (var session in _ended.Reader.ReadAllAsync())
        {
            if (Interlocked.Exchange(ref _lost, 0) is > 0 and var lost)
                screen.NotShown(lost);
            screen.Session(session);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _ended.Writer.TryComplete();
        await _showing;
    }
}
