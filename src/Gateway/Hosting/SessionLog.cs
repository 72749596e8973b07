using System.Threading.Channels;
using Gateway.Inbound;

namespace Gateway.Hosting;

/// <summary>
/// Writes one line for each session, off the mail path: a bounded channel with one reader. When the log cannot keep up, mail
/// goes on and the loss is counted.
/// </summary>
internal sealed class SessionLog(ILoggerFactory loggers) : BackgroundService, ISessionSink
{
    private const int Capacity = 10_000;

    private readonly Channel<SessionRecord> _ended = Channel.CreateBounded<SessionRecord>(
        new BoundedChannelOptions(Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly ILogger _logger = loggers.CreateLogger("Gateway.Sessions");
    private readonly NatWatch _nat = new();
    private long _lost;

    public void Ended(SessionRecord session)
    {
        if (!_ended.Writer.TryWrite(session))
            Interlocked.Increment(ref _lost);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var session in _ended.Reader.ReadAllAsync(CancellationToken.None))
            Write(session);
    }

    /// <summary>The host stops this after the listeners: nothing more comes, and what has come is written.</summary>
    public override Task StopAsync(CancellationToken cancellationToken)
    {
        _ended.Writer.TryComplete();
        return base.StopAsync(cancellationToken);
    }

    private void Write(SessionRecord session)
    {
        if (Interlocked.Exchange(ref _lost, 0) is > 0 and var lost)
            HostingLog.SessionsNotLogged(_logger, lost);
        if (_nat.LooksHidden(session))
            HostingLog.ClientsHidden(_logger, session.Client.Address);
        SessionLine.Write(_logger, session);
    }
}
