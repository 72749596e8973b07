using System.Globalization;
using Gateway.Server.Inbound;

namespace Gateway.Lab.Talking;

/// <summary>The side that a line of the transcript comes from.</summary>
public enum Speaker
{
    Client,
    Server,

    /// <summary>Neither side: the tool tells what it did.</summary>
    Stage,
}

/// <summary>One line of a dialogue, with the time since the dialogue began.</summary>
public sealed record TranscriptLine(TimeSpan At, Speaker Speaker, string Text)
{
    private const int LongestShown = 1000;

    /// <summary>The octets of a line as text. What the other side says is hostile: it is escaped, and only CRLF is a line end that is not shown.</summary>
    public static string Shown(ReadOnlySpan<byte> line)
    {
        var octets = line.EndsWith("\r\n"u8) ? line[..^2] : line;
        return octets.Length <= LongestShown ? Escapes.Show(octets) : $"{Escapes.Show(octets[..LongestShown])}… ({octets.Length} octets)";
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{At.TotalSeconds,8:F3}  {(Speaker switch { Speaker.Client => "C:", Speaker.Server => "S:", _ => "@" })} {Text}");
}
