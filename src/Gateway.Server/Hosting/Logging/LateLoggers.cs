using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Server.Hosting.Logging;

/// <summary>
/// Makes loggers for what runs off the mail path. Timers and questions to other servers can outlive the host for a moment; what they
/// have to tell after the log is closed reaches nobody, and must not end the process.
/// </summary>
/// <param name="factory">Asked each time: parts are made before the log is, and work after it is closed.</param>
internal sealed class LateLoggers(Func<ILoggerFactory> factory) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName)
    {
        try
        {
            return factory().CreateLogger(categoryName);
        }
        catch (ObjectDisposedException)
        {
            return NullLogger.Instance;
        }
    }

    public void AddProvider(ILoggerProvider provider) => factory().AddProvider(provider);

    /// <summary>The factory belongs to the host.</summary>
    public void Dispose()
    {
    }
}
