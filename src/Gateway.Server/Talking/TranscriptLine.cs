using System.Globalization;

namespace Gateway.Server.Talking;

/// <summary>Who said a line of the transcript.</summary>
public enum Speaker
{
    Client,
    Server,

    /// <summary>A directive, and what came of it.</summary>
    Stage,
}

/// <summary>One line that was said, and when, since the conversation began.</summary>
public sealed record TranscriptLine(TimeSpan At, Speaker Speaker, string Text)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{At.TotalSeconds,8:F3}  {(Speaker switch { Speaker.Client => "C:", Speaker.Server => "S:", _ => "@" })} {Text}");
}
