using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Server.Inbound;

namespace Gateway.Lab.Screens;

/// <summary>What programs read while it happens: one JSON object in each line, at once.</summary>
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
