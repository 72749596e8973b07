using Gateway.Server.Hosting.Logging;
using Gateway.Server.Inbound;

namespace Gateway.Server.Hosting;

/// <summary>Hands each ended session to the log, where it becomes one line. The log never holds anybody up.</summary>
internal sealed class SessionLog(ILoggerFactory loggers) : ISessionSink
{
    private readonly ILogger _logger = loggers.CreateLogger("Gateway.Sessions");
    private readonly NatWatch _nat = new();

    public void Ended(SessionRecord session)
    {
        if (_nat.LooksHidden(session))
            HostingLog.ClientsHidden(_logger, session.Client.Address);
        SessionLine.Log(_logger, session);
    }
}
