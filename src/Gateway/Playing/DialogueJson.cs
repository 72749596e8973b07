using Gateway.Lab.Screens;
using Gateway.Lab.Talking;

namespace Gateway.Playing;

/// <summary>The lines of a dialogue for programs, as they are said.</summary>
internal static class DialogueJson
{
    public static void Write(TextWriter output, TranscriptLine line) => JsonLine.Write(output, new
    {
        At = Math.Round(line.At.TotalSeconds, 3),
        Who = line.Speaker switch { Speaker.Client => "client", Speaker.Server => "server", _ => "stage" },
        Line = line.Text,
    });
}
