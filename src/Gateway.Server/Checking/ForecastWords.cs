using System.Text;
using Gateway.Policy;
using Gateway.Policy.Profiles;

namespace Gateway.Server.Checking;

/// <summary>The words in which a receiver would refuse.</summary>
internal static class ForecastWords
{
    /// <summary>The lines of a refusal as they stand on the wire; null when there is none.</summary>
    public static string[]? Lines(Forecast forecast) => Of(forecast)?.Split("\r\n");

    /// <summary>The whole reply, its lines parted by CRLF; null when there is none.</summary>
    public static string? Of(Forecast forecast) =>
        forecast.Verdict.Reply is { } reply ? Encoding.ASCII.GetString(reply.Wire.Span).TrimEnd('\r', '\n') : null;

    /// <summary>Whose words these are: a profile may leave some to the check.</summary>
    public static TextOrigin OriginOf(Forecast forecast) => forecast.Verdict.HasOwnWords ? forecast.Profile.Text : TextOrigin.NotAuthentic;
}
