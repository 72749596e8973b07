using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Lab;

namespace Gateway.Cli.Playing;

/// <summary>A dialogue for programs: one object in each line, as it happens, and what came of it last.</summary>
internal static class DialogueJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static void Write(TextWriter output, TranscriptLine line) => WriteLine(output, new
    {
        At = Math.Round(line.At.TotalSeconds, 3),
        Who = line.Speaker switch { Speaker.Client => "client", Speaker.Server => "server", _ => "stage" },
        Line = line.Text,
    });

    public static void WriteLine<T>(TextWriter output, T value)
    {
        output.WriteLine(JsonSerializer.Serialize(value, Options));
        output.Flush();
    }
}
