using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Gateway.Server.Hosting.Logging;

/// <summary>
/// A JSON object a line (docs/log.md): the fields that every entry has, then each value of the entry as a field of its own. The writer escapes every
/// character but plain ASCII, so that names and addresses of the other side are harmless for a terminal too.
/// </summary>
internal sealed class JsonLayout : ILogLayout
{
    private const string OriginalFormat = "{OriginalFormat}";

    // The entry is the writer's own, and each name in it stands once.
    private static readonly JsonWriterOptions Options = new() { SkipValidation = true };

    /// <summary>The fields of every entry. A value that has one of these names gets an underscore behind it.</summary>
    public static readonly IReadOnlyList<string> Reserved = ["time", "level", "event", "eventName", "category", "message", "exception"];

    public void Write(in LogHead head, string message, IEnumerable<KeyValuePair<string, object?>> values, Exception? error, IBufferWriter<byte> output)
    {
        using (var json = Begin(head, message, output))
        {
            foreach (var (name, value) in values)
                if (name != OriginalFormat)
                    WriteField(json, FieldName(name), value);
            if (error is not null)
                json.WriteString("exception", error.ToString());
            json.WriteEndObject();
        }
        output.Write("\n"u8);
    }

    public void Write(in LogHead head, SessionLine session, IBufferWriter<byte> output)
    {
        using (var json = Begin(head, session.Summary, output))
        {
            SessionFields.Write(json, session.Record);
            json.WriteEndObject();
        }
        output.Write("\n"u8);
    }

    private static Utf8JsonWriter Begin(in LogHead head, string message, IBufferWriter<byte> output)
    {
        var json = new Utf8JsonWriter(output, Options);
        json.WriteStartObject();
        json.WriteString("time"u8, head.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        json.WriteString("level"u8, Word(head.Level));
        json.WriteNumber("event"u8, head.Event.Id);
        if (head.Event.Name is { } name)
            json.WriteString("eventName"u8, name);
        json.WriteString("category"u8, head.Category);
        json.WriteString("message"u8, message);
        return json;
    }

    private static string FieldName(string name)
    {
        var field = JsonNamingPolicy.CamelCase.ConvertName(name);
        return Reserved.Contains(field) ? field + "_" : field;
    }

    private static void WriteField(Utf8JsonWriter json, string name, object? value)
    {
        if (value is null)
            return;
        json.WritePropertyName(name);
        if (value is LogList list)
        {
            json.WriteStartArray();
            foreach (var item in list.Items)
                WriteValue(json, item);
            json.WriteEndArray();
        }
        else
        {
            WriteValue(json, value);
        }
    }

    private static void WriteValue(Utf8JsonWriter json, object value)
    {
        switch (value)
        {
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case int or short or ushort or byte or sbyte:
                json.WriteNumberValue(Convert.ToInt32(value, CultureInfo.InvariantCulture));
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case TimeSpan time:
                json.WriteNumberValue(time.TotalSeconds);
                break;
            case IFormattable text:
                json.WriteStringValue(text.ToString(null, CultureInfo.InvariantCulture));
                break;
            default:
                json.WriteStringValue(value.ToString());
                break;
        }
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        _ => "critical",
    };
}
