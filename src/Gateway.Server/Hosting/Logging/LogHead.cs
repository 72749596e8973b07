namespace Gateway.Server.Hosting.Logging;

/// <summary>What every log entry has: when it was written, how serious it is, who wrote it, and which event it is.</summary>
internal readonly record struct LogHead(DateTimeOffset Time, LogLevel Level, string Category, EventId Event);
