using System.Text.Json;
using Gateway.Policy.Reading;
using Gateway.Smtp;

namespace Gateway.Policy.Profiles;

/// <summary>Reads the replies of a profile: <c>{ "code": 550, "status": "5.7.25", "text": "…" or ["…"] }</c>.</summary>
internal static class ProfileReplyReader
{
    // RFC 5321 §4.5.3.1.5: 512 octets with code and CRLF; an enhanced status takes up to 12 more (RFC 3463 §2).
    private const int MaxLine = 512 - 4 - 2;
    private const int MaxLines = 50;
    private const int MinWrap = 40;
    private const int MaxWrap = 510;

    /// <summary>Instead of a status: the reply has none, as before RFC 2034.</summary>
    public const string NoStatus = "none";

    public static readonly string[] Keys = ["code", "status", "text", "wrap"];

    public static ReplyTemplate? Read(JsonObjectReader parent, JsonValue? value, bool isTemporary)
    {
        if (value is null)
            return null;
        var reply = parent.Inner(value, Keys);
        var code = Code(reply, isTemporary);
        var hasNoStatus = reply["status"] is { Kind: JsonTokenType.String, Text: NoStatus };
        var status = hasNoStatus ? null : Status(reply);
        var shownCode = code ?? (isTemporary ? 451 : 550);
        if (status is { } given && given.Class != shownCode / 100)
            reply.Error(reply["status"]!, $"\"{given}\" does not match the code {shownCode}: the status must begin with {shownCode / 100} (RFC 2034 §4)");
        var lines = Lines(reply, reply["text"], ReplyValues.Names, status is null ? 0 : status.ToString()!.Length + 1);
        return new(code, status, lines) { HasNoStatus = hasNoStatus, Wrap = Wrap(reply) };
    }

    /// <summary>A text or a list of texts, each of them one line.</summary>
    public static List<TextTemplate>? Lines(
        JsonObjectReader reader, JsonValue? value, IReadOnlyCollection<string> placeholders, int taken = 0)
    {
        if (value is null)
            return null;
        var items = value.Kind == JsonTokenType.StartArray ? value.Items : [value];
        if (items.Count is 0 or > MaxLines)
            reader.Error(value, $"a reply has 1 to {MaxLines} lines, not {items.Count}");
        var lines = new List<TextTemplate>();
        foreach (var item in items)
        {
            if (item.Kind != JsonTokenType.String)
                reader.Error(item, $"{item.Shown} is not allowed; use text in double quotes");
            else if (!TextTemplate.TryParse(item.Text, placeholders, out var line, out var problem))
                reader.Error(item, problem);
            else if (line.FixedLength > MaxLine - taken)
                reader.Error(item, $"the line is {line.FixedLength - MaxLine + taken} octets too long: "
                    + "a reply line may have 512 octets with its code and CRLF (RFC 5321 §4.5.3.1.5)");
            else
                lines.Add(line);
        }
        return lines;
    }

    private static int? Code(JsonObjectReader reply, bool isTemporary)
    {
        if (reply["code"] is not { } value)
            return null;
        var code = value.AsInteger();
        if (isTemporary && code is >= 500 and <= 599)
            reply.Error(value, $"{code} is not allowed, because a temporary failure must not refuse for good; use 400 to 499");
        else if (code is not (>= 400 and <= 599))
            reply.Error(value, $"{value.Shown} is not allowed; use {(isTemporary ? "400 to 499" : "400 to 599")}");
        else
            return code;
        return null;
    }

    private static int? Wrap(JsonObjectReader reply)
    {
        if (reply["wrap"] is not { } value)
            return null;
        if (value.AsInteger() is >= MinWrap and <= MaxWrap and var wrap)
            return wrap;
        reply.Error(value, $"{value.Shown} is not allowed; use {MinWrap} to {MaxWrap}, the length of a line in octets without its CRLF");
        return null;
    }

    private static EnhancedStatusCode? Status(JsonObjectReader reply)
    {
        if (reply.Text("status") is not { } text)
            return null;
        // RFC 3463 §2: class 2, 4 or 5; subject and detail of one to three digits without leading zeros.
        if (text.Split('.') is [var @class, var subject, var detail] && @class is "4" or "5"
            && Number(subject) is { } subjectNumber && Number(detail) is { } detailNumber)
            return new EnhancedStatusCode(int.Parse(@class, null), subjectNumber, detailNumber);
        reply.Error(reply["status"]!, $"\"{text}\" is not the enhanced status code of a refusal; use one such as \"5.7.25\" (RFC 3463), or \"none\"");
        return null;
    }

    private static int? Number(string digits) =>
        digits.Length is 1 or 2 or 3 && digits.All(char.IsAsciiDigit) && (digits.Length == 1 || digits[0] != '0') ? int.Parse(digits, null) : null;
}
