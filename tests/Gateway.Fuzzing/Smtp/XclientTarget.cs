using System.Text;
using Gateway.Smtp;

namespace Gateway.Fuzzing.Smtp;

/// <summary>
/// The attributes of XCLIENT and their xtext (<see cref="XclientAttributes"/>, <see cref="Xtext"/>). What was read is written as one argument
/// and read again as it was; no value holds a control character; a problem is safe to send as a reply.
/// </summary>
internal static class XclientTarget
{
    // An equals sign may stand as it is, and is written as three octets: only then can a value outgrow the bound of its reader.
    private const int LongestThatMayGrow = 255 / 3;

    public static void Check(ReadOnlySpan<byte> input)
    {
        var text = Encoding.UTF8.GetString(input);
        CheckXtext(text);
        if (!XclientAttributes.TryParse(text, out var attributes, out var problem))
        {
            Property.Holds(attributes is null && problem.Length > 0, "what cannot be read has a problem");
            ReplyTarget.CheckWire(new Reply(501, 5, 4, problem));
            return;
        }
        Property.Holds(problem.Length == 0, "what was read has no problem");
        string?[] names = [attributes.Name?.Value, attributes.ReverseName?.Value, attributes.Helo?.Value, attributes.Login?.Value];
        Property.Holds(!names.Any(static name => name?.Any(char.IsControl) == true), "a value holds a control character");
        Property.IsPrintable(attributes.ToString(), "the command's argument");
        if (names.Any(static name => name?.Length > LongestThatMayGrow))
            return;
        Property.Holds(XclientAttributes.TryParse(attributes.ToString(), out var again, out problem), $"the argument cannot be read again, {problem}: {attributes}");
        Property.Same(attributes, again, "the argument is read again as it was");
    }

    private static void CheckXtext(string text)
    {
        var encoded = Xtext.Encode(text);
        Property.IsPrintable(encoded, "xtext");
        Property.Holds(!encoded.AsSpan().ContainsAny(' ', '='), "xtext ends at a space and holds no equals sign");
        Property.Same(text, Xtext.Decode(encoded), "xtext is decoded to what was encoded");
        if (Xtext.Decode(text) is { } decoded)
            Property.Same(decoded, Xtext.Decode(Xtext.Encode(decoded)), "xtext that was decoded is encoded and decoded again");
    }
}
