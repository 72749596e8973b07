using System.Text.RegularExpressions;
using Gateway.Policy.Reading;
using Gateway.Smtp;

namespace Gateway.Policy.Profiles;

/// <summary>
/// Reads how a profile answers a client that it does not refuse: <c>{ "mail": "2.1.0 Ok", "ehlo": ["{host}", "PIPELINING"] }</c>.
/// </summary>
internal static partial class DialogueReader
{
    private const string StatusExtension = "ENHANCEDSTATUSCODES";

    private static readonly Dictionary<string, DialogueStep> Steps =
        Enum.GetValues<DialogueStep>().ToDictionary(step => step.ToString().ToLowerInvariant());

    public static IReadOnlyCollection<string> Keys => Steps.Keys;

    public static Dialogue? Read(JsonObjectReader profile, JsonValue? value)
    {
        if (value is null)
            return null;
        var reader = profile.Inner(value, [.. Keys]);
        var extensions = reader["ehlo"] is { } ehlo ? Extensions(reader, ehlo) : null;
        var replies = new Dictionary<DialogueStep, DialogueReply>();
        foreach (var (key, step) in Steps)
            if (Lines(reader, key, step) is { Count: > 0 } lines)
            {
                replies[step] = new(lines);
                CheckStatus(reader, key, step, lines, extensions);
            }
        return new(replies, extensions);
    }

    private static List<TextTemplate>? Lines(JsonObjectReader reader, string key, DialogueStep step)
    {
        if (reader[key] is not { } value)
            return null;
        // Behind the first line of EHLO stand the extensions.
        var said = step == DialogueStep.Ehlo && value.Items is [var first, ..] ? first : value;
        var lines = ProfileReplyReader.Lines(reader, said, ReplyValues.NamesAt(Dialogue.StageOf(step)));
        // KB912341: Exchange 2003 gives up on a 354 of several lines.
        if (step == DialogueStep.Data && lines is { Count: > 1 })
            reader.Error(value, "the reply to DATA must have one line, because some clients do not understand more (KB912341)");
        return lines;
    }

    /// <summary>A list behind the first line of EHLO; null when there is only that line.</summary>
    private static List<string>? Extensions(JsonObjectReader reader, JsonValue ehlo)
    {
        var extensions = new List<string>();
        foreach (var item in ehlo.Items.Skip(1))
        {
            if (!ServiceExtensions.Keywords.Contains(item.Text))
                reader.Error(item, $"{item.Shown} is not allowed, because the gateway does not offer it; use {string.Join(", ", ServiceExtensions.Keywords)}");
            else if (extensions.Contains(item.Text))
                reader.Error(item, $"{item.Shown} appears twice: delete one of the two");
            else
                extensions.Add(item.Text);
        }
        return ehlo.Items.Count > 1 ? extensions : null;
    }

    // RFC 2034 §3, §4: where ENHANCEDSTATUSCODES is announced, each 2yz reply but those to HELO and EHLO begins with a status, and its class
    // is that of the code.
    private static void CheckStatus(
        JsonObjectReader reader, string key, DialogueStep step, List<TextTemplate> lines, List<string>? extensions)
    {
        if (step is DialogueStep.Helo or DialogueStep.Ehlo or DialogueStep.Data)
            return;
        var isAnnounced = extensions?.Contains(StatusExtension) ?? true;
        foreach (var line in lines)
        {
            var status = Status().Match(line.Source);
            if (status.Success ? status.Groups[1].Value == "2" : !isAnnounced)
                continue;
            reader.Error(reader[key]!, status.Success
                ? $"\"{status.Value.TrimEnd()}\" does not match the code {Dialogue.CodeOf(step)}: the status must begin with 2 (RFC 2034 §4)"
                : $"\"{line.Source}\" must begin with a status such as 2.0.0, because EHLO announces {StatusExtension} (RFC 2034 §4): "
                    + "add the status, or leave the extension out of \"ehlo\"");
            return;
        }
    }

    [GeneratedRegex(@"^(\d)\.\d{1,3}\.\d{1,3}(?: |$)", RegexOptions.CultureInvariant)]
    private static partial Regex Status();
}
