using System.Text.Json;
using Gateway.Policy.Checks;
using Gateway.Policy.Reading;

namespace Gateway.Policy.Profiles;

/// <summary>
/// Reads a profile from its JSON text (docs/profiles.md). Everything that is wrong is collected and named with its place,
/// and nothing wrong is used: a policy that silently means something else refuses the wrong mail.
/// </summary>
public static class ProfileReader
{
    // "$schema" is for editors; docs/profiles.md, config/profiles/schema.json.
    internal static readonly string[] Keys =
        ["$schema", "summary", "group", "years", "source", "since", "text", "refuseAt", "greeting", "dialogue", "received", "checks"];

    internal static readonly string[] YearsKeys = ["from", "to"];
    internal static readonly string[] RuleKeys = ["mode", "ipv4", "ipv6", "onTemporaryFailure", "options", "reply", "temporaryReply", "replies"];

    internal static readonly Dictionary<string, TextOrigin> Origins = new()
    {
        ["authentic"] = TextOrigin.Authentic,
        ["abridged"] = TextOrigin.Abridged,
        ["not authentic"] = TextOrigin.NotAuthentic,
    };

    internal static readonly Dictionary<string, ProfileGroup> Groups = new()
    {
        ["own"] = ProfileGroup.Own,
        ["receiver"] = ProfileGroup.Receiver,
        ["software"] = ProfileGroup.Software,
    };

    internal static readonly Dictionary<string, ReceivedStyle> ReceivedStyles = new()
    {
        ["standard"] = ReceivedStyle.Standard,
        ["exchange-2003"] = ReceivedStyle.Exchange2003,
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
        _ = reader.Text("$schema");
        var profile = new Profile(
            name,
            Summary(reader) ?? "",
            reader.Text("source"),
            reader.Text("since"),
            Word(reader, "text", Origins),
            reader.Word<Stage>("refuseAt") ?? Stage.Recipient,
            ProfileReplyReader.Lines(reader, reader["greeting"], ReplyValues.NamesInGreeting),
            Rules(reader))
        {
            Dialogue = DialogueReader.Read(reader, reader["dialogue"]),
            Received = Word(reader, "received", ReceivedStyles),
            Group = Word(reader, "group", Groups),
            Years = Years(reader),
        };
        ProfileConsistency.Check(profile, reader);
        return profile;
    }

    private static string? Summary(JsonObjectReader reader)
    {
        var summary = reader.Text("summary");
        if (reader.IsObject && (summary is { Length: 0 } || reader["summary"] is null))
            reader.Error("\"summary\" is missing: write one sentence that helps people to choose a profile");
        return summary;
    }

    private static ProfileYears Years(JsonObjectReader profile)
    {
        if (profile["years"] is not { } value)
            return default;
        var reader = profile.Inner(value, YearsKeys);
        var years = new ProfileYears(
            OptionValues.Number(reader, "from", ProfileYears.First, ProfileYears.Last), OptionValues.Number(reader, "to", ProfileYears.First, ProfileYears.Last));
        if (years.From > years.To)
            reader.Error(reader["to"]!, $"\"to\" is {years.To}, which is earlier than \"from\", {years.From}: correct one of them");
        return years;
    }

    /// <summary>One of the words of a key; the default when the key is not there.</summary>
    private static T Word<T>(JsonObjectReader reader, string key, Dictionary<string, T> words) where T : struct
    {
        if (reader.Text(key) is not { } text)
            return default;
        if (!words.TryGetValue(text, out var word))
            reader.Error(reader[key]!, $"\"{text}\" is not allowed; use {string.Join(" or ", words.Keys.Select(known => $"\"{known}\""))}");
        return word;
    }

    private static List<CheckRule> Rules(JsonObjectReader profile)
    {
        if (profile["checks"] is not { } checks)
        {
            if (profile.IsObject)
                profile.Error("\"checks\" is missing: write the checks in the order in which they run");
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
            rule.Error("\"mode\" is missing: write \"mode\", or both \"ipv4\" and \"ipv6\"");
        return new(
            Configured(rule, check, value, (ipv4, ipv6) != (CheckMode.Off, CheckMode.Off)),
            ipv4,
            ipv6,
            rule.Word<OnTemporaryFailure>("onTemporaryFailure") ?? OnTemporaryFailure.Defer,
            ProfileReplyReader.Read(rule, rule["reply"], isTemporary: false),
            ProfileReplyReader.Read(rule, rule["temporaryReply"], isTemporary: true),
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
            if (ProfileReplyReader.Read(reader, reader[refusal.ReasonId], refusal.IsTemporary) is { } reply)
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
