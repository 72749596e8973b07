using Gateway.Policy.Reading;

namespace Gateway.Policy.Profiles;

/// <summary>What is wrong between the parts of a profile, each of which is right by itself.</summary>
internal static class ProfileConsistency
{
    public static void Check(Profile profile, JsonObjectReader reader)
    {
        if (profile.Text != TextOrigin.NotAuthentic)
            CheckOrigin(profile, reader, reader["text"]!);
        if (profile.RefuseAt == Stage.Connect && reader["checks"] is { } checks)
            foreach (var rule in profile.Checks.Where(rule => rule.Check.Stage == Stage.Connect))
                CheckGreeting(rule, checks[rule.Check.Name]!, reader);
    }

    private static void CheckOrigin(Profile profile, JsonObjectReader reader, JsonValue text)
    {
        if (profile.Source is null)
            reader.Error(text, "\"text\" says that the words are the receiver's own, so \"source\" must say where they come from");
        if (!HasWords(profile))
            reader.Error(text, "\"text\" says that the words are the receiver's own, but the profile has none: no \"greeting\", \"dialogue\", \"received\" or \"text\" of a reply");
    }

    private static bool HasWords(Profile profile) =>
        profile.Greeting is not null
        || profile.Dialogue is { Replies.Count: > 0 }
        || profile.Received != ReceivedStyle.Standard
        || profile.Checks.Any(rule => rule.Reply?.Text is not null || rule.TemporaryReply?.Text is not null
            || rule.Replies.Values.Any(reply => reply.Text is not null));

    // RFC 5321 §3.1, §3.8: a greeting that defers is 421, and the engine speaks no other; a code that is never heard is a mistake.
    private static void CheckGreeting(CheckRule rule, JsonValue value, JsonObjectReader reader)
    {
        Check(rule.Reply, value["reply"]);
        Check(rule.TemporaryReply, value["temporaryReply"]);
        foreach (var (reason, reply) in rule.Replies)
            Check(reply, value["replies"]?[reason]);

        void Check(ReplyTemplate? reply, JsonValue? at)
        {
            if (reply is { Code: < 500 and not 421 and var code })
            {
                var message = $"{code} is not allowed in the greeting, where \"refuseAt\" puts this reply; use 421 or 554 (RFC 5321 §3.1)";
                reader.Error(at?["code"] ?? value, message);
            }
        }
    }
}
