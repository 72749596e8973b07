using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Server.Inbound;

namespace Gateway.Lab.Screens;

/// <summary>Writes one JSON object on a line, and flushes it at once, so that a program can read it immediately.</summary>
public static class JsonLine
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write<T>(TextWriter output, T value)
    {
        output.WriteLine(SafeText.VisibleJson(JsonSerializer.Serialize(value, Options)));
        output.Flush();
    }
}
