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
        // The host stops this after the listeners: what is still in the channel then is written below, in StopAsync.
        try
        {
            await foreach (var session in _ended.Reader.ReadAllAsync(stoppingToken))
                Write(session);
        }
        catch (OperationCanceledException)
        {
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        while (_ended.Reader.TryRead(out var session))
            Write(session);
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
