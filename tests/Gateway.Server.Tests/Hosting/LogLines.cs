using Microsoft.Extensions.Logging;

namespace Gateway.Server.Tests.Hosting;

/// <summary>A log whose lines a test reads: the level's name, then the message. Safe for concurrent use.</summary>
internal sealed class LogLines : ILoggerFactory, ILogger
{
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Written
    {
        get
        {
            lock (_gate)
                return [.. _lines];
        }
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_gate)
            _lines.Add($"{logLevel} {formatter(state, exception)}");
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
