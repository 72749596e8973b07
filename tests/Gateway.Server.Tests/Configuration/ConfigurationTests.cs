using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Dns;
using Gateway.Policy.Profiles;
using Gateway.Server.Configuration;
using Gateway.Smtp;
using Gateway.Tests;

namespace Gateway.Server.Tests.Configuration;

public sealed class ConfigurationTests
{
    private const string Least = """
        { "HostName": "mx.example.com", "Relay": { "AcceptedDomains": [ "example.com" ] }, "SmartHosts": [ { "Host": "10.0.0.5" } ] }
        """;

    private static IReadOnlyList<string> Mistakes(string json)
    {
        try
        {
            ConfigurationLoader.FromJson(json);
            return [];
        }
        catch (ConfigurationException error)
        {
            return [.. error.Errors.Select(mistake => mistake.ToString())];
        }
    }

    [Fact]
    public void Accepted_domains_and_a_smart_host_are_all_that_must_be_said()
    {
        var options = ConfigurationLoader.FromJson(Least);
        Assert.Equal("standard", Assert.Single(options.Listeners).Profile.Name);
        Assert.Equal(25, options.Listeners[0].Endpoint.Port);
        Assert.Equal(25, options.SmartHosts[0].Port);
        Assert.Equal(["postmaster", "abuse"], options.Policy.ExemptRecipients);
        Assert.True(options.Policy.ExemptPrivate);
    }

    [Fact]
    public void Five_mistakes_are_five_errors_with_path_value_and_what_is_allowed()
    {
        var mistakes = Mistakes("""
            {
              "HostName": "mx.example.com",
              "Listeners": [ { "Endpoint": "0.0.0.0", "Profile": "standart" } ],
              "Dns": { "Servers": [ "127.0.0.1:53", "nonsense:" ] },
              "Relay": { "AcceptedDomain": [ "example.com" ], "AcceptedDomains": [ "example.com" ] },
              "SmartHosts": [ { "Host": "10.0.0.5", "Port": 70000 } ]
            }
            """);
        Assert.Equal(5, mistakes.Count);
        Assert.Contains("Listeners[0].Endpoint is \"0.0.0.0\", but must be an address with a port, such as 0.0.0.0:25 or [::]:25 (port 0 picks a free port)", mistakes);
        Assert.Contains(mistakes, mistake => mistake.StartsWith("Listeners[0].Profile is \"standart\", but no profile has this name (did you mean \"standard\"?); ", StringComparison.Ordinal));
        Assert.Contains(mistakes, mistake => mistake.StartsWith("Dns.Servers[1] is \"nonsense:\", but must be ", StringComparison.Ordinal));
        Assert.Contains(mistakes, mistake => mistake.StartsWith("Relay.AcceptedDomain is not a known key", StringComparison.Ordinal));
        Assert.Contains("SmartHosts[0].Port is \"70000\", but must be a number from 1 to 65535", mistakes);
    }

    [Theory]
    [InlineData("""{ "Listeners": [ { "Endpoint": "127.0.0.1:25", "HostName": "mx" } ] }""", "Listeners[0].HostName is \"mx\", but must be a fully qualified host name", "so does each listener's")]
    [InlineData("""{ "HostName": "localhost" }""", "HostName is \"localhost\", but must be a fully qualified host name", "a greeting needs an FQDN")]
    [InlineData("""{ "Relay": { "Networks": [ "0.0.0.0/0" ] } }""", "open relay", "the whole Internet may not relay")]
    [InlineData("""{ "Relay": { "Networks": [ "10.0.0.1/8" ] } }""", "Relay.Networks[0] is \"10.0.0.1/8\"", "host bits are a slip of the pen")]
    [InlineData("""{ "Relay": { "AcceptedDomains": [] } }""", "Relay.AcceptedDomains is missing", "a gateway without domains takes no mail")]
    [InlineData("""{ "Listeners": [ { "Endpoint": "127.0.0.1:0", "RecipientProfiles": "strict.test" } ], "Relay": { "AcceptedDomains": [ "strict.test" ] } }""",
        "Listeners.RecipientProfiles is \"strict.test\", but Relay.AcceptedDomains does not accept its subdomains: add \".strict.test\" there", "they would be refused before a profile is asked")]
    [InlineData("""{ "SmartHosts": [ { "Host": "a b" } ] }""", "SmartHosts[0].Host is \"a b\"", "no host name")]
    [InlineData("""{ "Relay": { "AcceptedDomains": [ "example.com" ] }, "SmartHosts": [ { "Host": "h.example", "Domains": [ "other.example" ] } ] }""", "have no host for the accepted domain example.com", "mail without a way out")]
    [InlineData("""{ "SmartHosts": [ { "Host": "h.example", "UserName": "u" } ] }""", "SmartHosts[0].Password is missing", "half a credential")]
    [InlineData("""{ "SmartHosts": [ { "Host": "h.example", "UserName": "u", "Password": "p", "Tls": "None" } ] }""", "SmartHosts[0].Tls is \"None\", but must be Required or Implicit, because UserName is set and a password is only sent to a server whose certificate is verified", "a password without TLS")]
    [InlineData("""{ "SmartHosts": [ { "Host": "h.example", "UserName": "u", "Password": "p", "Tls": "Opportunistic" } ] }""", "SmartHosts[0].Tls is \"Opportunistic\", but must be Required or Implicit, because UserName is set", "opportunistic TLS verifies nothing")]
    [InlineData("""{ "SmartHosts": [ { "Host": "h.example", "UserName": "u", "Password": "p" } ] }""", "SmartHosts[0].Tls is \"Opportunistic\", but must be Required or Implicit, because UserName is set", "it is the default")]
    [InlineData("""{ "SmartHosts": [ { "Host": "h.example", "CaFile": "/none.pem", "Tls": "Required" } ] }""", "SmartHosts[0].CaFile is \"/none.pem\", but must be a readable file with the certificates of certification authorities in PEM form (", "no such file")]
    [InlineData("""{ "SmartHosts": [ { "Host": "h.example", "CertificateName": "mx.example" } ] }""", "Required or Implicit, because CertificateName is set", "nothing would be verified")]
    [InlineData("""{ "SmartHosts": [ { "Host": "h.example", "CertificateName": "a b", "Tls": "Required" } ] }""", "SmartHosts[0].CertificateName is \"a b\"", "no host name")]
    [InlineData("""{ "SmartHosts": [ { "Host": "h.example", "PinnedKeys": [ "abc" ], "Tls": "Required" } ] }""", "SmartHosts[0].PinnedKeys[0] is \"abc\", but must be the SHA-256 digest of a public key in base64", "no digest")]
    [InlineData("""{ "Delivery": { "Deadline": "00:05:00", "FinalReplyDeadline": "00:01:00" } }""", "Delivery.FinalReplyDeadline is \"00:01:00\", but must be at least Delivery.Deadline (00:05:00)", "it would end before the message was sent")]
    [InlineData("""{ "Delivery": { "FinalReplyDeadline": "00:10:00" } }""", "Delivery.FinalReplyDeadline is \"00:10:00\", but must be a duration", "the client has given up by then")]
    [InlineData("""{ "Listeners": [ { "Endpoint": "[::1]" } ] }""", "Listeners[0].Endpoint is \"[::1]\"", "a port is forgotten")]
    [InlineData("""{ "Listeners": [ { "Endpoint": "127.0.0.1:25", "RefuseAt": "Later" } ] }""", "one of Connect, Helo, Mail, Recipient, Data", "no such stage")]
    [InlineData("""{ "Listeners": [ { "Endpoint": "127.0.0.1:25", "RefuseAt": "3" } ] }""", "one of Connect, Helo, Mail, Recipient, Data", "a number is no stage")]
    [InlineData("""{ "Limits": { "MessageSize": 100 } }""", "Limits.MessageSize is \"100\", but must be a number from 65536", "RFC 5321 §4.5.3.1.7")]
    [InlineData("""{ "Limits": { "CommandTimeout": "5" } }""", "Limits.CommandTimeout is \"5\", but must be a duration", "five days are no time-out")]
    [InlineData("""{ "Limits": { "BareNewline": "Keep" } }""", "one of Reject, Normalize", "no such way")]
    [InlineData("""{ "Tls": { "CertificateFile": "/none.pem", "KeyFile": "/none.key" } }""", "a file that exists", "no certificate")]
    [InlineData("""{ "Policy": { "Exempt": { "Networks": "10.0.0.0/8" } } }""", "a list [ … ]", "a value where a list belongs")]
    [InlineData("""{ "Hostname": "mx.example.com", "HostNames": "x" }""", "HostNames is not a known key (did you mean \"HostName\"?). Known keys: Delivery, ", "a key nobody knows")]
    public void A_mistake_says_what_may_stand_there(string json, string expected, string reason)
    {
        Assert.Contains(Mistakes(json), mistake => mistake.Contains(expected, StringComparison.Ordinal));
        Assert.NotEmpty(reason);
    }

    [Theory]
    [InlineData("{ }", "[ { } ]", """, "Limits": 5""", "Limits is \"5\", but must be an object { … }", "a value where an object stands")]
    [InlineData("{ }", "[ { } ]", """, "Tls": "cert.pem" """, "Tls is \"cert.pem\", but must be an object { … }", "its keys are not missing besides")]
    [InlineData("""{ "AcceptedDomains": "example.com" }""", "[ { } ]", "", "Relay.AcceptedDomains is \"example.com\", but must be a list [ … ]", "one is a list, too")]
    [InlineData("""{ "AcceptedDomains": { "example.com": true } }""", "[ { } ]", "", "Relay.AcceptedDomains is \"{…}\", but must be a list [ … ]", "an object is no list")]
    [InlineData("{ }", "{ }", "", "SmartHosts is \"{…}\", but must be a list of objects [ { … } ]", "one is a list, too")]
    [InlineData("{ }", "[ \"10.0.0.5\" ]", "", "SmartHosts[0] is \"10.0.0.5\", but must be an object { … }", "its host is not missing besides")]
    [InlineData("{ }", """[ { "Host": { "Name": "x" } } ]""", "", "SmartHosts[0].Host is \"{…}\", but must be a single value", "nor is this one")]
    [InlineData("{ }", "[ { } ]", """, "Listeners": "0.0.0.0:25" """, "Listeners is \"0.0.0.0:25\", but must be a list of objects [ { … } ]", "one is a list, too")]
    [InlineData("{ }", "[ { } ]", """, "Limit": { "Connections": 5 }""", "Limit is not a known key (did you mean \"Limits\"?). Known keys: ", "a slip of the pen")]
    public void A_value_of_the_wrong_kind_is_one_mistake(string relay, string smartHosts, string others, string expected, string reason)
    {
        relay = relay == "{ }" ? """{ "AcceptedDomains": [ "example.com" ] }""" : relay;
        smartHosts = smartHosts.Replace("{ }", """{ "Host": "10.0.0.5" }""", StringComparison.Ordinal);
        var mistakes = Mistakes($$"""{ "HostName": "mx.example.com", "Relay": {{relay}}, "SmartHosts": {{smartHosts}} {{others}} }""");
        Assert.True(mistakes.Count == 1, $"{reason}: {string.Join('|', mistakes)}");
        Assert.StartsWith(expected, mistakes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_json_is_one_error_with_its_line()
    {
        var mistake = Assert.Single(Mistakes("{ \"HostName\": \"mx.example.com\",\n \"Listeners\": [ }"));
        Assert.Equal("(text):2: \"}\" was found where \"]\" is expected, because the \"[\" on line 2 is not closed yet", mistake);
    }

    [Theory]
    [InlineData("the least", """{ "Relay": { "AcceptedDomains": [ "example.com" ] }, "SmartHosts": [ { "Host": "10.0.0.5" } ] }""")]
    [InlineData("every kind of value", """
        {
          "HostName": "mx.example.com",
          "Listeners": [ { "Endpoint": "127.0.0.1:0", "Profile": "strict", "RefuseAt": "Data", "ProxyProtocol": true }, { "Endpoint": "[::1]:2525", "RecipientProfiles": "strict.test" } ],
          "Dns": { "Servers": [ "127.0.0.1", "[::1]:5353" ], "Deadline": "00:00:04.5" },
          "Policy": { "ExemptPrivate": false, "Exempt": { "Networks": [ "192.0.2.0/24", "2001:db8::1" ], "Names": [ ".example.org" ], "Lists": [ "list.example.org" ], "Senders": [ "a@b.test" ], "Recipients": [] }, "ExplainUrl": "https://example.com/\"why\"" },
          "Relay": { "AcceptedDomains": [ "example.com", ".strict.test" ], "Networks": [ "10.0.0.0/8" ], "TrustedProxies": [ "127.0.0.1" ], "Authenticated": false },
          "SmartHosts": [ { "Host": "::1", "Port": 2525, "Tls": "Required", "UserName": "me", "Password": "s3cret", "EightBit": "Refuse" } ],
          "Delivery": { "Deadline": "00:01:00" },
          "Limits": { "MessageSize": 1048576, "BareNewline": "Normalize" },
          "Dashboard": { },
          "Log": { "Format": "Json" }
        }
        """)]
    public void The_configuration_that_is_shown_is_read_again_and_means_the_same(string what, string json)
    {
        using var folder = new ScratchFolder();
        folder.Write("written.json", json);
        var shown = ConfigurationLoader.Show(Path.Combine(folder.Path, "written.json"), []);
        folder.Write("shown.json", shown);
        Assert.True(shown == ConfigurationLoader.Show(Path.Combine(folder.Path, "shown.json"), []), what);
        Assert.DoesNotContain("s3cret", shown, StringComparison.Ordinal);

        Assert.Equal(Everything(ConfigurationLoader.FromJson(json)), Everything(ConfigurationLoader.FromJson(shown)));
    }

    private static readonly JsonSerializerOptions Comparable = new()
    {
        Converters =
        {
            new AsText<IPEndPoint>(), new AsText<IPNetwork>(), new AsText<DomainName>(), new AsText<PublicKeyPin>(),
            new AsText<Profile>(static profile => profile.Name), new AsText<RecipientProfileOptions>(static profiles => profiles.Domain),
        },
    };

    private static string Everything(GatewayOptions options) => JsonSerializer.Serialize(
        options with { SmartHosts = [.. options.SmartHosts.Select(static host => host with { Password = null })] }, Comparable);

    private sealed class AsText<T>(Func<T, string>? text = null) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(text is null ? value!.ToString() : text(value));
    }

    [Fact]
    public void The_shipped_configuration_can_be_shown_and_read_again()
    {
        using var folder = new ScratchFolder();
        folder.Write("shown.json", ConfigurationLoader.Show(Path.Combine(Repository.Root, "config", "gateway.json"), []));
        Assert.NotEmpty(ConfigurationLoader.Load(Path.Combine(folder.Path, "shown.json"), []).Listeners);
    }

    [Fact]
    public void The_command_line_wins_over_the_file()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, Least);
            var options = ConfigurationLoader.Load(file, ["Listeners:0:Endpoint=127.0.0.1:2525", "Listeners:0:Profile=strict"]);
            Assert.Equal("127.0.0.1:2525", options.Listeners[0].Endpoint.ToString());
            Assert.Equal("strict", options.Listeners[0].Profile.Name);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void The_configuration_that_is_shipped_is_right()
    {
        var options = ConfigurationLoader.Load(Path.Combine(Repository.Root, "config", "gateway.json"), []);
        Assert.Equal(["example.com"], options.Relay.AcceptedDomains);
    }

    [Theory]
    [InlineData("example.com", "example.com", true, "itself")]
    [InlineData("example.com", "EXAMPLE.com", true, "case does not count")]
    [InlineData("example.com", "example.com.", true, "a final dot changes nothing")]
    [InlineData("example.com", "sub.example.com", false, "below is not itself")]
    [InlineData("example.com", "notexample.com", false, "an ending is no domain")]
    [InlineData(".example.com", "sub.example.com", true, "all below")]
    [InlineData(".example.com", "example.com", false, "below, not itself")]
    [InlineData(".example.com", ".example.com", false, "an empty label is no domain")]
    [InlineData("*", "anything", true, "everything")]
    public void A_domain_pattern_matches_whole_labels(string pattern, string domain, bool expected, string reason) =>
        Assert.True(DomainPattern.Matches(pattern, domain) == expected, reason);
}
