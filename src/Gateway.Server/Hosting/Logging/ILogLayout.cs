using System.Buffers;

namespace Gateway.Server.Hosting.Logging;

/// <summary>Makes one line of each log entry. Safe for concurrent use.</summary>
internal interface ILogLayout
{
    /// <summary>Writes an entry: its message, and the values that stand in the message.</summary>
    void Write(in LogHead head, string message, IEnumerable<KeyValuePair<string, object?>> values, Exception? error, IBufferWriter<byte> output);

    /// <summary>Writes an ended session.</summary>
    void Write(in LogHead head, SessionLine session, IBufferWriter<byte> output);
}
