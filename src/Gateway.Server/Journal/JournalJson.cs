using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Gateway.Server.Journal.Statistics;

namespace Gateway.Server.Journal;

/// <summary>The one way in which documents become text.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SessionDocument))]
[JsonSerializable(typeof(StatisticsReport))]
internal sealed partial class JournalJson : JsonSerializerContext
{
    /// <summary>For people and programs that read a command's output.</summary>
    public static string Indented(SessionDocument session) => Indented(session, Default.SessionDocument);

    public static string Indented(StatisticsReport report) => Indented(report, Default.StatisticsReport);

    private static string Indented<T>(T value, JsonTypeInfo<T> type)
    {
        var text = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(text, new() { Indented = true });
        JsonSerializer.Serialize(writer, value, type);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
