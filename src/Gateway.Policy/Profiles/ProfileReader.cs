using System.Text.Json;

namespace Gateway.Policy;

/// <summary>
/// Reads a profile from its JSON text (docs/profiles.md). Everything that is wrong is collected and named with its place,
/// and nothing wrong is used: a policy that silently means something else refuses the wrong mail.
/// </summary>
public static class ProfileReader
{
    private static readonly string[] Keys = ["summary", "source", "since", "text", "refuseAt", "greeting", "checks"];
    private static readonly string[] RuleKeys = ["mode", "ipv4", "ipv6", "onTemporaryFailure", "options", "reply", "temporaryReply", "replies"];

    private static readonly Dictionary<string, TextOrigin> Origins = new()
    {
        ["authentic"] = TextOrigin.Authentic,
        ["abridged"] = TextOrigin.Abridged,
        ["not authentic"] = TextOrigin.NotAuthentic,
    };

    /// <param name="json">The text; comments and trailing commas are allowed.</param>
    /// <param name="name">The profile's name: that of its file, without ".json".</param>
    public static ProfileReading Read(string json, string name)
    {
        var errors = new List<ProfileError>();
        Profile? profile = null;
        try
        {
            profile = Read(JsonValue.Parse(json), name, errors);
        }
        catch (JsonException error)
        {
            errors.Add(new(name, (int)(error.LineNumber ?? 0) + 1, error.Path ?? "$", WithoutPlace(error.Message)));
        }
        return new(errors.Count == 0 ? profile : null, [.. errors.OrderBy(error => error.Line)]);
    }

    private static Profile Read(JsonValue root, string name, List<ProfileError> errors)
    {
        var reader = new JsonObjectReader(name, root, errors, Keys);
        var (summary, source) = (reader.Text("summary"), reader.Text("source"));
        if (reader.IsObject && summary is null && reader["summary"] is null)
            reader.Error("\"summary\" is missing: one sentence for people who choose a profile");
        var origin = Origin(reader);
        if (origin != TextOrigin.NotAuthentic && source is null)
            reader.Error(reader["text"]!, "words that are said to be a receiver's own need a \"source\"");
        return new(
            name,
            summary ?? "",
            source,
            reader.Text("since"),
            origin,
            reader.Word<Stage>("refuseAt") ?? Stage.Recipient,
            ReplyReader.Lines(reader, reader["greeting"], ReplyValues.NamesInGreeting),
            Rules(reader));
    }

    private static TextOrigin Origin(JsonObjectReader reader)
    {
        if (reader.Text("text") is not { } text)
            return TextOrigin.NotAuthentic;
        if (!Origins.TryGetValue(text, out var origin))
            reader.Error(reader["text"]!, $"\"{text}\" is not allowed; use {string.Join(" or ", Origins.Keys.Select(key => $"\"{key}\""))}");
        return origin;
    }

    private static List<CheckRule> Rules(JsonObjectReader profile)
    {
        if (profile["checks"] is not { } checks)
        {
            if (profile.IsObject)
                profile.Error("\"checks\" is missing: the checks in the order in which they are asked");
            return [];
        }
        var reader = profile.Inner(checks, [.. CheckTable.Names], "check");
        return
        [
            .. from member in reader.Members
               let check = CheckTable.Find(member.Key)
               where check is not null
               select Rule(reader, check, member.Value),
        ];
    }

    private static CheckRule Rule(JsonObjectReader checks, IPolicyCheck check, JsonValue value)
    {
        // "require-ptr": "Enforce" is short for an object with nothing but a mode.
        if (value.Kind == JsonTokenType.String)
        {
            var only = checks.Word<CheckMode>(value) ?? CheckMode.Off;
            return new(
                Configured(checks, check, value, only != CheckMode.Off), only, only, OnTemporaryFailure.Defer,
                null, null, new Dictionary<string, ReplyTemplate>());
        }
        var rule = checks.Inner(value, RuleKeys);
        var mode = rule.Word<CheckMode>("mode");
        var (ipv4, ipv6) = (rule.Word<CheckMode>("ipv4") ?? mode ?? CheckMode.Off, rule.Word<CheckMode>("ipv6") ?? mode ?? CheckMode.Off);
        if (rule.IsObject && rule["mode"] is null && (rule["ipv4"] is null || rule["ipv6"] is null))
            rule.Error("\"mode\" is missing; without it \"ipv4\" and \"ipv6\" must both be there");
        return new(
            Configured(rule, check, value, (ipv4, ipv6) != (CheckMode.Off, CheckMode.Off)),
            ipv4,
            ipv6,
            rule.Word<OnTemporaryFailure>("onTemporaryFailure") ?? OnTemporaryFailure.Defer,
            ReplyReader.Read(rule, rule["reply"], isTemporary: false),
            ReplyReader.Read(rule, rule["temporaryReply"], isTemporary: true),
            Replies(rule, check));
    }

    /// <summary>The check with the options of its rule. A rule that is off may lack them.</summary>
    private static IPolicyCheck Configured(JsonObjectReader reader, IPolicyCheck check, JsonValue rule, bool isOn)
    {
        var options = rule["options"];
        if (check is ICheckWithOptions with)
            return isOn || options is not null ? with.With(reader, rule, options) : check;
        if (options is not null)
            reader.Error(options, $"\"{check.Name}\" has no options");
        return check;
    }

    private static Dictionary<string, ReplyTemplate> Replies(JsonObjectReader rule, IPolicyCheck check)
    {
        var replies = new Dictionary<string, ReplyTemplate>();
        if (rule["replies"] is not { } value)
            return replies;
        var reader = rule.Inner(value, [.. check.Refusals.Select(refusal => refusal.ReasonId)], "reason");
        foreach (var refusal in check.Refusals)
            if (ReplyReader.Read(reader, reader[refusal.ReasonId], refusal.IsTemporary) is { } reply)
                replies[refusal.ReasonId] = reply;
        return replies;
    }

    // The framework repeats place and line in its own way; ours stand before the message.
    private static string WithoutPlace(string message)
    {
        var at = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return at < 0 ? message : message[..at];
    }
}
