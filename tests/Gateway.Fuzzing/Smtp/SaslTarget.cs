using System.Text;
using System.Text.Unicode;
using Gateway.Smtp;

namespace Gateway.Fuzzing.Smtp;

/// <summary>
/// An authentication (<see cref="SaslExchange"/>): the first line is the mechanism and perhaps its initial response, each other line a
/// response. Names and passwords keep their bounds and are text; a response is wiped; the same credentials are read again when they are
/// encoded anew; the exchange ends.
/// </summary>
internal static class SaslTarget
{
    public static void Check(ReadOnlySpan<byte> input)
    {
        var lines = Encoding.Latin1.GetString(input).Split('\n');
        var words = lines[0].Split(' ', 2);
        if (SaslExchange.Begin(words[0]) is not { } exchange)
            return;
        var responses = lines[1..];
        Property.Same(334, exchange.Challenge.Code, "an exchange begins with a challenge");
        Reply? reply = exchange.Challenge;
        if (words.Length == 2)
            reply = Take(exchange, words[1], isInitial: true);
        foreach (var response in responses)
        {
            if (reply is not { Code: 334 })
                break;
            reply = Take(exchange, response, isInitial: false);
        }
    }

    private static Reply? Take(SaslExchange exchange, string response, bool isInitial)
    {
        var octets = Encoding.Latin1.GetBytes(response);
        var reply = isInitial ? exchange.TakeInitial(octets, out var credentials) : exchange.Take(octets, out credentials);
        Property.Same(reply is null, credentials is not null, "there are credentials if and only if there is no reply");
        Property.Holds(response is "*" || (isInitial && response is "=") || !octets.AsSpan().ContainsAnyExcept((byte)0), "a response is wiped");
        if (reply is not null)
            ReplyTarget.CheckWire(reply);
        if (credentials is not null)
            CheckCredentials(credentials);
        return reply;
    }

    private static void CheckCredentials(PresentedCredentials credentials)
    {
        Property.Holds(Encoding.UTF8.GetByteCount(credentials.UserName) is > 0 and <= 255, "a name has 1 to 255 octets");
        Property.Holds(credentials.Password.Length is > 0 and <= 1024 && Utf8.IsValid(credentials.Password), "a password has 1 to 1024 octets of UTF-8");
        Property.Holds(!credentials.UserName.Any(char.IsControl), "a name holds a control character");
        Property.Holds(!Encoding.UTF8.GetString(credentials.Password).Any(char.IsControl), "a password holds a control character");
        byte[] message = [0, .. Encoding.UTF8.GetBytes(credentials.UserName), 0, .. credentials.Password];
        Property.Holds(SaslExchange.Begin("PLAIN")!.Take(Encoding.ASCII.GetBytes(Convert.ToBase64String(message)), out var again) is null
            && again!.UserName == credentials.UserName && again.Password.SequenceEqual(credentials.Password), "the same credentials are read again");
    }
}
