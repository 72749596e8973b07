using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Policy.Checks;
using Gateway.Policy.Profiles;
using Gateway.Smtp;

namespace Gateway.Policy.Tests;

/// <summary>config/profiles/schema.json tells editors what <see cref="ProfileReader"/> takes: neither may know more than the other.</summary>
public sealed partial class SchemaTests
{
    private static readonly SchemaCheck Schema = SchemaCheck.Load(BuiltInProfiles.PathOf("config", "profiles", "schema.json"));

    public static TheoryData<string> Files => BuiltInProfilesTests.Files;

    // What the reader finds and a schema of draft 07 cannot say.
    private static readonly string[] BeyondSchema =
    [
        "this key appears twice", "ends within a character", "but the profile has none", "is not allowed in the greeting", "with its code and CRLF",
        "use the domain of a list", "use a network such as", "below the threshold", "write at least one network or name", "different \"answers\"", "is earlier than \"from\"", "must begin with a status", "the status must begin with 2",
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_profile_is_as_the_schema_says(string file)
    {
        var text = File.ReadAllText(BuiltInProfiles.PathOf("config", "profiles", file));

        Assert.Null(Schema.Check(text));
        Assert.Contains("\"$schema\": \"./schema.json\"", text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ProfileReaderTests.BadProfiles), MemberType = typeof(ProfileReaderTests))]
    public void What_the_reader_refuses_the_schema_refuses_too(string json, string error)
    {
        if (!BeyondSchema.Any(words => error.Contains(words, StringComparison.Ordinal)))
            Assert.True(Schema.Check(json) is not null, error);
    }

    [Fact]
    public void The_schema_and_the_reader_know_the_same_keys()
    {
        Assert.Equal(Known("$schema"), Keys(Schema.Root));
        Assert.Equal(Known("from"), Keys(Schema.Root.GetProperty("properties").GetProperty("years")));
        Assert.Equal(Known("mode"), Keys(Schema.Definition("ruleObject")));
        Assert.Equal(Known("code"), Keys(Schema.Definition("reply")));
        Assert.Equal(Known("code"), Keys(Schema.Definition("temporaryReply")));
        Assert.Equal(Known("quit"), Keys(Schema.Root.GetProperty("properties").GetProperty("dialogue")));
    }

    [Fact]
    public void The_schema_and_the_reader_know_the_same_checks_and_reasons()
    {
        Assert.Equal(CheckTable.Names, Keys(Schema.Root.GetProperty("properties").GetProperty("checks")));
        foreach (var check in CheckTable.All)
        {
            var rule = Schema.Definition(check.Name).GetProperty("allOf")[1].GetProperty("properties");
            var known = check.Refusals.Select(refusal => $"{refusal.ReasonId}: {(refusal.IsTemporary ? "temporaryReply" : "reply")}");
            var said = rule.GetProperty("replies").GetProperty("properties").EnumerateObject()
                .Select(reason => $"{reason.Name}: {reason.Value.GetProperty("$ref").GetString()!.Split('/')[^1]}");
            Assert.Equal(known.Order(StringComparer.Ordinal), said.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void The_schema_and_the_reader_know_the_same_options()
    {
        foreach (var check in CheckTable.Names)
        {
            var options = Schema.Definition(check).GetProperty("allOf")[1].GetProperty("properties").GetProperty("options");
            var error = ProfileReader.Read($$"""{ "summary": "s", "checks": { "{{check}}": { "mode": "Off", "options": { "nobody": 1 } } } }""", "t").Errors[0].Message;
            if (options.ValueKind == JsonValueKind.False)
                Assert.Equal($"\"{check}\" has no options", error);
            else
                Assert.Equal(error.Split("use one of ")[1].Split(", ").Order(StringComparer.Ordinal), Keys(options));
        }
    }

    [Fact]
    public void The_schema_and_the_reader_know_the_same_words()
    {
        Assert.Equal(Enum.GetNames<Stage>(), Words(Schema.Root, "refuseAt"));
        Assert.Equal(["authentic", "abridged", "not authentic"], Words(Schema.Root, "text"));
        Assert.Equal(["own", "receiver", "software"], Words(Schema.Root, "group"));
        Assert.Equal(["standard", "exchange-2003"], Words(Schema.Root, "received"));
        Assert.Equal(Enum.GetNames<OnTemporaryFailure>(), Words(Schema.Definition("ruleObject"), "onTemporaryFailure"));
        Assert.Equal(Enum.GetNames<CheckMode>(), Strings(Schema.Definition("mode").GetProperty("enum")));
        foreach (var word in Words(Schema.Root, "text"))
            Assert.Empty(ProfileReader.Read($$"""{ "summary": "s", "source": "x", "greeting": "hi", "text": "{{word}}", "checks": {} }""", "t").Errors);
        foreach (var word in Words(Schema.Root, "group"))
            Assert.Empty(ProfileReader.Read($$"""{ "summary": "s", "group": "{{word}}", "checks": {} }""", "t").Errors);
        foreach (var word in Words(Schema.Root, "received"))
            Assert.Empty(ProfileReader.Read($$"""{ "summary": "s", "received": "{{word}}", "checks": {} }""", "t").Errors);
    }

    [Theory]
    [InlineData("line", "\"checks\": { \"require-ptr\": { \"mode\": \"Off\", \"reply\": { \"text\": \"{nobody}\" } } }")]
    [InlineData("greetingLine", "\"greeting\": \"{nobody}\", \"checks\": {}")]
    [InlineData("heloLine", "\"dialogue\": { \"helo\": \"{nobody}\" }, \"checks\": {}")]
    [InlineData("mailLine", "\"dialogue\": { \"mail\": \"{nobody}\" }, \"checks\": {}")]
    [InlineData("rcptLine", "\"dialogue\": { \"rcpt\": \"{nobody}\" }, \"checks\": {}")]
    public void The_schema_and_the_reader_know_the_same_placeholders(string definition, string use)
    {
        var error = ProfileReader.Read($$"""{ "summary": "s", {{use}} }""", "test").Errors[0];
        var known = Braced().Matches(error.Message.Split("placeholder; use")[1]).Select(match => match.Groups[1].Value);
        var pattern = Schema.Definition(definition).GetProperty("pattern").GetString()!;

        Assert.Equal(known, Alternatives().Match(pattern).Groups[1].Value.Split('|'));
    }

    [Fact]
    public void The_schema_and_the_reader_know_the_same_extensions()
    {
        var ehlo = Schema.Root.GetProperty("properties").GetProperty("dialogue").GetProperty("properties").GetProperty("ehlo");

        Assert.Equal(ServiceExtensions.Keywords, Strings(ehlo.GetProperty("oneOf")[1].GetProperty("additionalItems").GetProperty("enum")));
    }

    /// <summary>The keys of the object that has this one, as the reader names them to a person who wrote another.</summary>
    private static IEnumerable<string> Known(string one)
    {
        string[] wrong =
        [
            """{ "summary": "s", "nobody": 1, "checks": {} }""",
            """{ "summary": "s", "years": { "nobody": 1 }, "checks": {} }""",
            """{ "summary": "s", "dialogue": { "nobody": 1 }, "checks": {} }""",
            """{ "summary": "s", "checks": { "require-ptr": { "mode": "Off", "nobody": 1 } } }""",
            """{ "summary": "s", "checks": { "require-ptr": { "mode": "Off", "reply": { "nobody": 1 } } } }""",
        ];
        return wrong.Select(json => ProfileReader.Read(json, "test").Errors[0].Message.Split("use one of ")[1].Split(", "))
            .Single(keys => keys.Contains(one)).Order(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Keys(JsonElement rule) =>
        rule.GetProperty("properties").EnumerateObject().Select(key => key.Name).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Words(JsonElement rule, string key) =>
        Strings(rule.GetProperty("properties").GetProperty(key).GetProperty("enum"));

    private static IEnumerable<string> Strings(JsonElement list) => list.EnumerateArray().Select(one => one.GetString()!);

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Braced();

    [GeneratedRegex(@"\\\{\(\?:([\w|]+)\)\\\}")]
    private static partial Regex Alternatives();
}
