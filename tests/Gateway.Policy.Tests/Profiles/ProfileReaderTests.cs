using Gateway.Policy.Profiles;
using Gateway.Smtp;

namespace Gateway.Policy.Tests;

public sealed class ProfileReaderTests
{
    private const string Codes = "refuse-denied, refuse-early-talker, refuse-generic-ptr, refuse-listed, require-fcrdns, require-helo-fqdn, require-helo-matches-ptr, "
        + "require-helo-resolves, require-ptr, require-ptr-matches-mx, require-sender-domain, require-sender-matches-client, require-valid-ptr";

    [Theory]
    [InlineData("{ \"from\": 2003, \"to\": 2010 }", false, 2003, 2010)]
    [InlineData("{ \"from\": 2003 }", true, 2003, 2999)]
    [InlineData("{ \"to\": 2010 }", false, 1982, 2010)]
    [InlineData("{}", true, 1982, 2999)]
    public void A_profile_says_in_which_years_it_was_so(string years, bool isToday, int first, int last)
    {
        var profile = ProfileReader.Read($$"""{ "summary": "s", "group": "receiver", "years": {{years}}, "checks": {} }""", "test").Profile!;

        Assert.Equal(ProfileGroup.Receiver, profile.Group);
        Assert.Equal(isToday, profile.Years.IsToday);
        Assert.True(profile.Years.Contains(first) && profile.Years.Contains(last));
        Assert.False(profile.Years.Contains(first - 1) || profile.Years.Contains(last + 1));
    }

    [Fact]
    public void A_profile_that_names_no_group_and_no_years_is_an_own_policy_of_today()
    {
        var profile = ProfileReader.Read("""{ "summary": "s", "checks": {} }""", "test").Profile!;

        Assert.Equal((ProfileGroup.Own, true), (profile.Group, profile.Years.IsToday));
    }

    public static TheoryData<string, string> BadProfiles => new()
    {
        { "[]", "test.json:1: $: a list is not allowed; use an object { … }" },
        { """{ "summary": "s" }""", "test.json:1: $: \"checks\" is missing: write the checks in the order in which they run" },
        { """{ "checks": {} }""", "test.json:1: $: \"summary\" is missing: write one sentence that helps people to choose a profile" },
        { """{ "summary": 5, "checks": {} }""", "test.json:1: $.summary: 5 is not allowed; use text in double quotes" },
        { "{ \"summary\": \"s\",\n \"sumary\": \"t\", \"checks\": {} }",
            "test.json:2: $.sumary: \"sumary\" is not a known key; use one of $schema, summary, group, years, source, since, text, refuseAt, greeting, dialogue, received, checks" },
        { """{ "summary": "s", "group": "today", "checks": {} }""", "test.json:1: $.group: \"today\" is not allowed; use \"own\" or \"receiver\" or \"software\"" },
        { """{ "summary": "s", "years": 2006, "checks": {} }""", "test.json:1: $.years: 2006 is not allowed; use an object { … }" },
        { """{ "summary": "s", "years": { "since": 2006 }, "checks": {} }""", "test.json:1: $.years.since: \"since\" is not a known key; use one of from, to" },
        { """{ "summary": "s", "years": { "to": 20100 }, "checks": {} }""", "test.json:1: $.years.to: 20100 is not allowed; use a number from 1982 to 2999" },
        { """{ "summary": "s", "years": { "from": 2010, "to": 2006 }, "checks": {} }""", "test.json:1: $.years.to: \"to\" is 2006, which is earlier than \"from\", 2010: correct one of them" },
        { "{ \"summary\": \"s\", \"checks\": {\n\n \"require-prt\": \"Enforce\" } }", $"test.json:3: $.checks.require-prt: \"require-prt\" is not a known check; use one of {Codes}" },
        { Check("\"Enforc\""), "test.json:1: $.checks.require-ptr: \"Enforc\" is not allowed; use \"Off\" or \"Monitor\" or \"Enforce\"" },
        { Check("""{ "mode": "2" }"""), "test.json:1: $.checks.require-ptr.mode: \"2\" is not allowed; use \"Off\" or \"Monitor\" or \"Enforce\"" },
        { Check("""{ "ipv4": "Enforce" }"""), "test.json:1: $.checks.require-ptr: \"mode\" is missing: write \"mode\", or both \"ipv4\" and \"ipv6\"" },
        { Check("""{ "mode": "Off", "onTemporaryFailure": "Reject" }"""),
            "test.json:1: $.checks.require-ptr.onTemporaryFailure: \"Reject\" is not allowed; use \"Defer\" or \"Continue\"" },
        { Check("""{ "mode": "Off", "repyl": {} }"""),
            "test.json:1: $.checks.require-ptr.repyl: \"repyl\" is not a known key; use one of mode, ipv4, ipv6, onTemporaryFailure, options, reply, temporaryReply, replies" },
        { Reply("""{ "code": 250 }"""), "test.json:1: $.checks.require-ptr.reply.code: 250 is not allowed; use 400 to 599" },
        { Reply("""{ "code": 600 }"""), "test.json:1: $.checks.require-ptr.reply.code: 600 is not allowed; use 400 to 599" },
        { Reply("""{ "code": "550" }"""), "test.json:1: $.checks.require-ptr.reply.code: \"550\" is not allowed; use 400 to 599" },
        { Reply("""{ "code": 550, "status": "4.7.25" }"""),
            "test.json:1: $.checks.require-ptr.reply.status: \"4.7.25\" does not match the code 550: the status must begin with 5 (RFC 2034 §4)" },
        { Reply("""{ "status": "4.7.25" }"""),
            "test.json:1: $.checks.require-ptr.reply.status: \"4.7.25\" does not match the code 550: the status must begin with 5 (RFC 2034 §4)" },
        { Reply("""{ "status": "5.7" }"""),
            "test.json:1: $.checks.require-ptr.reply.status: \"5.7\" is not the enhanced status code of a refusal; use one such as \"5.7.25\" (RFC 3463), or \"none\"" },
        { Reply("""{ "status": "5.07.25" }"""),
            "test.json:1: $.checks.require-ptr.reply.status: \"5.07.25\" is not the enhanced status code of a refusal; use one such as \"5.7.25\" (RFC 3463), or \"none\"" },
        { Reply("""{ "text": "no {pointer}" }"""),
            "test.json:1: $.checks.require-ptr.reply.text: {pointer} is not a known placeholder; use {ip} {ptr} {helo} {sender} {domain} {recipient} {host} {session} {url} {see} {date} {port} {list} {listtext} {check} {reason} {detail}" },
        { Reply("""{ "text": "no {ip" }"""), "test.json:1: $.checks.require-ptr.reply.text: a single \"{\" is not allowed; write {{ for the brace itself" },
        { Reply("""{ "text": "nö" }"""), "test.json:1: $.checks.require-ptr.reply.text: a reply may contain printable ASCII characters only (RFC 5321 §4.2)" },
        { Reply("""{ "text": "a\r\nb" }"""), "test.json:1: $.checks.require-ptr.reply.text: a reply may contain printable ASCII characters only (RFC 5321 §4.2)" },
        { Reply("""{ "text": [] }"""), "test.json:1: $.checks.require-ptr.reply.text: a reply has 1 to 50 lines, not 0" },
        { Reply("""{ "text": ["a", 5] }"""), "test.json:1: $.checks.require-ptr.reply.text[1]: 5 is not allowed; use text in double quotes" },
        { Reply($$"""{ "text": "{{new string('x', 507)}}" }"""),
            "test.json:1: $.checks.require-ptr.reply.text: the line is 1 octets too long: a reply line may have 512 octets with its code and CRLF (RFC 5321 §4.5.3.1.5)" },
        { Reply($$"""{ "status": "5.7.25", "text": "{{new string('x', 500)}}" }"""),
            "test.json:1: $.checks.require-ptr.reply.text: the line is 1 octets too long: a reply line may have 512 octets with its code and CRLF (RFC 5321 §4.5.3.1.5)" },
        { Check("""{ "mode": "Off", "temporaryReply": { "code": 550 } }"""),
            "test.json:1: $.checks.require-ptr.temporaryReply.code: 550 is not allowed, because a temporary failure must not refuse for good; use 400 to 499" },
        { Check("""{ "mode": "Off", "replies": { "rdns-temp": { "code": 550 } } }"""),
            "test.json:1: $.checks.require-ptr.replies.rdns-temp.code: 550 is not allowed, because a temporary failure must not refuse for good; use 400 to 499" },
        { Check("""{ "mode": "Off", "replies": { "rdns-nil": { "code": 550 } } }"""),
            "test.json:1: $.checks.require-ptr.replies.rdns-nil: \"rdns-nil\" is not a known reason; use one of rdns-none, rdns-temp" },
        { Check("""{ "mode": "Off", "options": {} }"""), "test.json:1: $.checks.require-ptr.options: \"require-ptr\" has no options" },
        { """{ "summary": "s", "checks": { "refuse-listed": "Monitor" } }""", "test.json:1: $.checks.refuse-listed: \"options\" is missing: write the \"lists\" to ask" },
        { """{ "summary": "s", "checks": { "refuse-denied": "Enforce" } }""",
            "test.json:1: $.checks.refuse-denied: \"options\" is missing: write the denied \"networks\" or \"names\"" },
        { Options("refuse-listed", "5"), "test.json:1: $.checks.refuse-listed.options: 5 is not allowed; use an object { … }" },
        { Options("refuse-listed", "{}"), "test.json:1: $.checks.refuse-listed.options: \"lists\" must name 1 to 32 lists" },
        { Options("refuse-listed", """{ "lists": [ "." ] }"""),
            "test.json:1: $.checks.refuse-listed.options.lists[0]: \".\" is not allowed; use the domain of a list such as bl.example.org" },
        { Options("refuse-listed", """{ "lists": [ "a.example", { "weight": 2 } ] }"""),
            "test.json:1: $.checks.refuse-listed.options.lists[1]: \"zone\" is missing: write the domain of the list" },
        { Options("refuse-listed", """{ "lists": [ { "zone": "a.example", "weight": "2" } ] }"""),
            "test.json:1: $.checks.refuse-listed.options.lists[0].weight: \"2\" is not allowed; use a number from -1000 to 1000" },
        { Options("refuse-listed", """{ "lists": [ "b.example", { "zone": "a.example", "weight": 2, "allow": true } ] }"""),
            "test.json:1: $.checks.refuse-listed.options.lists[1].weight: a list with \"allow\" has no weight, because every client on it is accepted: delete \"weight\"" },
        { Options("refuse-listed", """{ "lists": [ { "zone": "a.example", "answers": [ "127.0.0" ] } ] }"""),
            "test.json:1: $.checks.refuse-listed.options.lists[0].answers[0]: \"127.0.0\" is not allowed; use a network such as 192.0.2.0/24, or an address" },
        { Options("refuse-listed", """{ "lists": [ "a.example" ], "threshold": 2 }"""),
            "test.json:1: $.checks.refuse-listed.options: the weights of all lists together are below the threshold of 2, so nobody would ever be refused: lower \"threshold\"" },
        { Options("refuse-listed", """{ "lists": [ "a.example", "A.example" ] }"""),
            "test.json:1: $.checks.refuse-listed.options.lists: \"a.example\" appears twice: delete one of the two, or give them different \"answers\"" },
        { Options("refuse-listed", """{ "lists": [ "a.example" ], "treshold": 1 }"""),
            "test.json:1: $.checks.refuse-listed.options.treshold: \"treshold\" is not a known key; use one of lists, threshold" },
        { Options("refuse-denied", """{ "networks": [] }"""), "test.json:1: $.checks.refuse-denied.options: \"networks\" and \"names\" are empty: write at least one network or name" },
        { Options("refuse-denied", """{ "networks": [ "192.0.2.1/24" ], "names": [ "a.example" ] }"""),
            "test.json:1: $.checks.refuse-denied.options.networks[0]: \"192.0.2.1/24\" is not allowed; use a network such as 192.0.2.0/24, or an address" },
        { Options("refuse-denied", """{ "names": "a.example", "networks": [ "192.0.2.1" ] }"""),
            "test.json:1: $.checks.refuse-denied.options.names: \"a.example\" is not allowed; use a list [ … ]" },
        { Options("refuse-denied", """{ "names": [ "a.example" ], "unconfirmed": "Defer" }"""),
            "test.json:1: $.checks.refuse-denied.options.unconfirmed: \"Defer\" is not allowed; use \"Refuse\" or \"Accept\"" },
        { Options("refuse-early-talker", """{ "wait": "00:01:00" }"""),
            "test.json:1: $.checks.refuse-early-talker.options.wait: \"00:01:00\" is not allowed; use a duration hh:mm:ss up to 00:00:20" },
        { """{ "summary": "s", "refuseAt": "Rcpt", "checks": {} }""",
            "test.json:1: $.refuseAt: \"Rcpt\" is not allowed; use \"Connect\" or \"Helo\" or \"Mail\" or \"Recipient\" or \"Data\"" },
        { """{ "summary": "s", "text": "genuine", "checks": {} }""",
            "test.json:1: $.text: \"genuine\" is not allowed; use \"authentic\" or \"abridged\" or \"not authentic\"" },
        { """{ "summary": "s", "text": "authentic", "greeting": "hi", "checks": {} }""",
            "test.json:1: $.text: \"text\" says that the words are the receiver's own, so \"source\" must say where they come from" },
        { """{ "summary": "s", "source": "a list", "text": "abridged", "checks": { "require-ptr": { "mode": "Enforce", "reply": { "code": 450 } } } }""",
            "test.json:1: $.text: \"text\" says that the words are the receiver's own, but the profile has none: no \"greeting\", \"dialogue\", \"received\" or \"text\" of a reply" },
        { """{ "summary": "", "checks": {} }""", "test.json:1: $: \"summary\" is missing: write one sentence that helps people to choose a profile" },
        { """{ "$schema": 7, "summary": "s", "checks": {} }""", "test.json:1: $.$schema: 7 is not allowed; use text in double quotes" },
        { """{ "summary": "s", "source": ["a"], "checks": {} }""", "test.json:1: $.source: a list is not allowed; use text in double quotes" },
        { """{ "summary": "s", "received": "exchange", "checks": {} }""",
            "test.json:1: $.received: \"exchange\" is not allowed; use \"standard\" or \"exchange-2003\"" },
        { """{ "summary": "s", "checks": [] }""", "test.json:1: $.checks: a list is not allowed; use an object { … }" },
        { Check("5"), "test.json:1: $.checks.require-ptr: 5 is not allowed; use an object { … }" },
        { Check("""{ "mode": "Off", "reply": "550 no" }"""), "test.json:1: $.checks.require-ptr.reply: \"550 no\" is not allowed; use an object { … }" },
        { Reply("""{ "code": 550, "status": "2.0.0" }"""),
            "test.json:1: $.checks.require-ptr.reply.status: \"2.0.0\" is not the enhanced status code of a refusal; use one such as \"5.7.25\" (RFC 3463), or \"none\"" },
        { Reply("""{ "code": 550, "status": "None" }"""),
            "test.json:1: $.checks.require-ptr.reply.status: \"None\" is not the enhanced status code of a refusal; use one such as \"5.7.25\" (RFC 3463), or \"none\"" },
        { Reply("""{ "code": 550, "status": 5.7 }"""), "test.json:1: $.checks.require-ptr.reply.status: 5.7 is not allowed; use text in double quotes" },
        { Reply("""{ "code": 550.5 }"""), "test.json:1: $.checks.require-ptr.reply.code: 550.5 is not allowed; use 400 to 599" },
        { Reply($$"""{ "text": ["a", "{{new string('x', 507)}}"] }"""),
            "test.json:1: $.checks.require-ptr.reply.text[1]: the line is 1 octets too long: a reply line may have 512 octets with its code and CRLF (RFC 5321 §4.5.3.1.5)" },
        { Reply($$"""{ "text": [{{string.Join(", ", Enumerable.Repeat("\"a\"", 51))}}] }"""), "test.json:1: $.checks.require-ptr.reply.text: a reply has 1 to 50 lines, not 51" },
        { """{ "summary": "s", "refuseAt": "Connect", "checks": { "require-ptr": { "mode": "Enforce", "reply": { "code": 450 } } } }""",
            "test.json:1: $.checks.require-ptr.reply.code: 450 is not allowed in the greeting, where \"refuseAt\" puts this reply; use 421 or 554 (RFC 5321 §3.1)" },
        { """{ "summary": "s", "refuseAt": "Connect", "checks": { "require-ptr": { "mode": "Enforce", "replies": { "rdns-temp": { "code": 451 } } } } }""",
            "test.json:1: $.checks.require-ptr.replies.rdns-temp.code: 451 is not allowed in the greeting, where \"refuseAt\" puts this reply; use 421 or 554 (RFC 5321 §3.1)" },
        { """{ "summary": "s", "greeting": ["{helo}"], "checks": {} }""",
            "test.json:1: $.greeting[0]: {helo} is not a known placeholder; use {ip} {host} {session} {url} {see} {date} {port}" },
        { Dialogue("""{ "mail": "{recipient}" }"""),
            "test.json:1: $.dialogue.mail: {recipient} is not a known placeholder; use {ip} {host} {session} {url} {see} {date} {port} {helo} {sender} {domain}" },
        { Dialogue("""{ "ehlo": ["{host}", "PIPELINING", "DSN"] }"""),
            "test.json:1: $.dialogue.ehlo[2]: \"DSN\" is not allowed, because the gateway does not offer it; "
            + "use PIPELINING, SIZE, 8BITMIME, SMTPUTF8, ENHANCEDSTATUSCODES, CHUNKING, VRFY, HELP, XCLIENT, STARTTLS, AUTH" },
        { Dialogue("""{ "ehlo": ["{host}", "SIZE", "SIZE"] }"""), "test.json:1: $.dialogue.ehlo[2]: \"SIZE\" appears twice: delete one of the two" },
        { Dialogue("""{ "data": ["Start mail input", "end with a dot"] }"""),
            "test.json:1: $.dialogue.data: the reply to DATA must have one line, because some clients do not understand more (KB912341)" },
        { Dialogue("""{ "mail": "Ok" }"""),
            "test.json:1: $.dialogue.mail: \"Ok\" must begin with a status such as 2.0.0, because EHLO announces ENHANCEDSTATUSCODES (RFC 2034 §4): "
            + "add the status, or leave the extension out of \"ehlo\"" },
        { Dialogue("""{ "quit": "4.0.0 Bye" }"""),
            "test.json:1: $.dialogue.quit: \"4.0.0\" does not match the code 221: the status must begin with 2 (RFC 2034 §4)" },
        { Dialogue("""{ "ehlo": ["{host}", "SIZE"], "rset": "5.0.0 Ok" }"""),
            "test.json:1: $.dialogue.rset: \"5.0.0\" does not match the code 250: the status must begin with 2 (RFC 2034 §4)" },
        { Reply("""{ "wrap": 39 }"""),
            "test.json:1: $.checks.require-ptr.reply.wrap: 39 is not allowed; use 40 to 510, the length of a line in octets without its CRLF" },
        { "{ \"summary\": \"s\", \"checks\": { \"require-ptr\": \"Off\",\n \"require-ptr\": \"Enforce\" } }",
            "test.json:2: $.checks.require-ptr: this key appears twice: delete one of the two" },
        { """{ "summary": "\uD800", "checks": {} }""", "test.json:1: $.summary: this text ends within a character, because one half of a \\u pair is missing (RFC 8259 §8.2)" },
    };

    [Theory]
    [MemberData(nameof(BadProfiles))]
    public void A_bad_profile_is_refused_with_place_value_and_what_is_allowed(string json, string expected)
    {
        var reading = ProfileReader.Read(json, "test");

        Assert.Null(reading.Profile);
        Assert.Equal(expected, Assert.Single(reading.Errors).ToString());
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("{", 1)]
    [InlineData("{ \"summary\": \"s\",\n oops }", 2)]
    [InlineData("{ \"checks\": {}, \"summary\": \"s\" }\n\n}", 3)]
    [InlineData("[[[[[[[[[[[[[[[[[[[[", 1)]
    public void What_is_no_JSON_is_refused_with_its_line(string json, int line)
    {
        var reading = ProfileReader.Read(json, "test");

        Assert.Null(reading.Profile);
        var error = Assert.Single(reading.Errors);
        Assert.Equal(line, error.Line);
        Assert.DoesNotContain("LineNumber", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_errors_are_reported_at_once_in_the_order_of_the_file()
    {
        var reading = ProfileReader.Read("""
            {
              "summary": "s",
              "refuseAt": "Never",
              "checks": {
                "require-ptr": { "mode": "Hard", "reply": { "code": 250, "status": "2.0.0", "text": "{x}" } },
                "require-nothing": "Enforce"
              }
            }
            """, "test");

        Assert.Equal([3, 5, 5, 5, 5, 6], reading.Errors.Select(error => error.Line));
    }

    [Fact]
    public void A_profile_holds_what_its_file_says()
    {
        var profile = Scene.Profile("""
            {
              // A comment,
              "$schema": "./schema.json",
              "summary": "s", "source": "a list", "since": "2003", "text": "abridged", "refuseAt": "mail",
              "greeting": "{host} ready", "received": "exchange-2003",
              "checks": {
                "require-fcrdns": { "mode": "Enforce", "ipv6": "Off", "onTemporaryFailure": "Continue",
                  "reply": { "code": 450, "status": "4.7.1", "text": ["one {{x}}", "two"] } },
                "require-ptr": "Monitor", /* and trailing commas */
              },
            }
            """);

        Assert.Equal(("s", "a list", "2003", TextOrigin.Abridged, Stage.Mail), (profile.Summary, profile.Source, profile.Since, profile.Text, profile.RefuseAt));
        Assert.Equal(["require-fcrdns", "require-ptr"], profile.Checks.Select(rule => rule.Check.Name));
        Assert.Equal(ReceivedStyle.Exchange2003, profile.Received);
        var rule = profile.Checks[0];
        Assert.Equal((CheckMode.Enforce, CheckMode.Off, OnTemporaryFailure.Continue), (rule.IPv4, rule.IPv6, rule.OnTemporaryFailure));
        Assert.Equal((450, new EnhancedStatusCode(4, 7, 1)), (rule.Reply!.Code, rule.Reply.Status));
        Assert.Equal(["one {{x}}", "two"], rule.Reply.Text!.Select(line => line.Source));
    }

    private static string Options(string check, string options) =>
        $$"""{ "summary": "s", "checks": { "{{check}}": { "mode": "Enforce", "options": {{options}} } } }""";

    private static string Dialogue(string dialogue) => $$"""{ "summary": "s", "dialogue": {{dialogue}}, "checks": {} }""";

    private static string Check(string rule) => $$"""{ "summary": "s", "checks": { "require-ptr": {{rule}} } }""";

    private static string Reply(string reply) => Check($$"""{ "mode": "Off", "reply": {{reply}} }""");
}
