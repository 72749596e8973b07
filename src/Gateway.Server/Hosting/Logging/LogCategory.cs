using System.Buffers;

namespace Gateway.Server.Hosting.Logging;

/// <summary>
/// Writes the entries of one category. An entry becomes a line here, in the thread that logs it, for its values may change afterwards; an ended
/// session stays as it is, and becomes a line in the log's own thread. Nothing is thrown: an entry that cannot be written is counted as lost.
/// </summary>
internal sealed class LogCategory(string name, LogWriter writer) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;
        try
        {
            var head = new LogHead(writer.Now, logLevel, name, eventId);
            if (state is SessionLine session)
            {
                writer.Add(head, session);
                return;
            }
            var line = new ArrayBufferWriter<byte>();
            var values = state as IEnumerable<KeyValuePair<string, object?>> ?? [];
            writer.Layout.Write(head, formatter(state, exception), values, exception, line);
            writer.Add(line.WrittenSpan.ToArray());
        }
#pragma warning disable CA1031 // Whoever logs goes on, whatever is wrong with a value or with the log.
        catch (Exception)
#pragma warning restore CA1031
        {
            writer.Lose(1);
        }
    }
}
