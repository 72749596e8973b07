using System.Net;
using System.Security.Cryptography;
using Gateway.Lab.SmartHosts;
using Gateway.Server.Configuration;
using Gateway.Tests;

namespace Gateway.Server.Tests.Configuration;

/// <summary>What looks right and is not, or is and looks wrong.</summary>
public sealed class ConfigurationTrapsTests
{
    private static readonly string[] Least = ["HostName=mx.example.com", "Relay:AcceptedDomains:0=example.com", "SmartHosts:0:Host=10.0.0.5"];

    private static GatewayOptions Load(params string[] settings) => ConfigurationLoader.Load(null, [.. Least, .. settings]);

    private static List<string> Mistakes(params string[] settings) =>
        [.. Assert.Throws<ConfigurationException>(() => Load(settings)).Errors.Select(mistake => mistake.ToString())];

    [Theory]
    [InlineData("Relay:AcceptedDomains:0=*", "Relay.AcceptedDomains[0] is \"*\"", "everybody's mail is an open relay")]
    [InlineData("Relay:AcceptedDomains:0=*.example.com", "Relay.AcceptedDomains[0] is \"*.example.com\"", "it would match nothing")]
    [InlineData("Relay:AcceptedDomains:0=.", "Relay.AcceptedDomains[0] is \".\"", "the root is no mail domain")]
    [InlineData("Relay:AcceptedDomains:0=ann@example.com", "Relay.AcceptedDomains[0]", "an address is no domain")]
    [InlineData("Relay:Networks:0=0.0.0.0/1", "open relay", "half the Internet, twice, is all of it")]
    [InlineData("Relay:Networks:0=2000::/3", "open relay", "all of IPv6 that is in use")]
    [InlineData("Relay:Networks:0=010.0.0.1", "Relay.Networks[0] is \"010.0.0.1\"", "octal: another host")]
    [InlineData("Relay:Networks:0=10.1", "Relay.Networks[0] is \"10.1\"", "10.0.0.1, which was not meant")]
    [InlineData("Relay:Networks:0=10.1/16", "Relay.Networks[0] is \"10.1/16\"", "the same")]
    [InlineData("Relay:Networks:0=::ffff:10.0.0.0/104", "Relay.Networks[0]", "clients are never IPv4-mapped")]
    [InlineData("Relay:Networks:0=10.0.0.0/", "Relay.Networks[0]", "no prefix")]
    [InlineData("Relay:TrustedProxies:0=0.0.0.0/0", "Relay.TrustedProxies is \"0.0.0.0/0\", but must be proxies of your own", "anybody could be anybody")]
    [InlineData("Relay:TrustedProxies:0=::/0", "Relay.TrustedProxies is \"::/0\", but must be proxies of your own", "the same")]
    [InlineData("Relay:TrustedProxies:0=proxy.example.com", "Relay.TrustedProxies[0]", "a name can change its address")]
    [InlineData("Listeners:0:ProxyProtocol=yes", "Listeners[0].ProxyProtocol is \"yes\"", "no flag")]
    [InlineData("Listeners:0:Endpoint=127.1:25", "Listeners[0].Endpoint is \"127.1:25\"", "short for 127.0.0.1")]
    [InlineData("Listeners:0:RecipientProfiles=.strict.test", "Listeners[0].RecipientProfiles is \".strict.test\"", "no pattern: what stands below it is the profile's name")]
    [InlineData("Dns:Servers:0=53", "Dns.Servers[0] is \"53\"", "a port is no address")]
    [InlineData("SmartHosts:0:Host=10", "SmartHosts[0].Host is \"10\"", "nor is a number")]
    [InlineData("SmartHosts:0:Host=.example.com", "SmartHosts[0].Host", "a pattern is no host")]
    [InlineData("SmartHosts=10.0.0.5", "SmartHosts is \"10.0.0.5\", but must be a list of objects", "a value where a list belongs")]
    [InlineData("SmartHosts:0=10.0.0.5", "SmartHosts[0] is \"10.0.0.5\", but must be an object", "a value where an object belongs")]
    [InlineData("Listeners=0.0.0.0:25", "Listeners is \"0.0.0.0:25\", but must be a list of objects", "it was passed over, and the default taken")]
    [InlineData("Policy:Exempt:Names:0=.", "Policy.Exempt.Names[0]", "the root would exempt every confirmed name")]
    [InlineData("Limits:TemporaryFolder=/proc", "Limits.TemporaryFolder is \"/proc\", but must be a folder that exists and that the gateway can write to (", "a folder that nobody can write to")]
    [InlineData("Tls:CertificateFile=/x.pem", "Tls.KeyFile is missing", "half a certificate")]
    public void It_is_refused(string setting, string expected, string reason)
    {
        Assert.SkipWhen(setting.EndsWith("=/proc", StringComparison.Ordinal) && !Directory.Exists("/proc"), "this system has no /proc");
        Assert.True(Mistakes(setting).Exists(mistake => mistake.Contains(expected, StringComparison.Ordinal)), reason);
    }

    [Fact]
    public void A_listener_for_proxies_without_any_would_turn_everybody_away()
    {
        string[] listener = ["Listeners:0:Endpoint=0.0.0.0:2525", "Listeners:0:ProxyProtocol=true"];
        Assert.Contains(
            "Relay.TrustedProxies is missing: set it to the addresses of the proxies in front of the listener 0.0.0.0:2525, because its ProxyProtocol is true", Mistakes(listener));
        Assert.True(Load([.. listener, "Relay:TrustedProxies:0=10.0.0.7"]).Listeners[0].ProxyProtocol);
    }

    [Theory]
    [InlineData("\"require-prt\": \"Enforce\"", "$.checks.require-prt", "\"require-prt\" is not a known check")]
    [InlineData("\"require-ptr\": { \"mode\": \"Enforce\", \"reply\": { \"code\": 450, \"status\": \"5.7.25\" } }", "$.checks.require-ptr.reply.status", "the status must begin with 4")]
    [InlineData("\"require-ptr\": { \"mode\": \"Enforce\", \"reply\": { \"text\": \"{address}\" } }", "$.checks.require-ptr.reply.text", "{address} is not a known placeholder")]
    public void A_profile_that_is_wrong_stops_the_start_with_file_line_and_reason(string check, string place, string reason)
    {
        var folder = Directory.CreateTempSubdirectory("gateway-profiles-").FullName;
        try
        {
            var file = Path.Combine(folder, "mine.json");
            File.WriteAllText(file, $$"""
                {
                  "summary": "s",
                  "checks": { {{check}} }
                }
                """);
            var mistake = Assert.Single(Mistakes($"Policy:ProfilesFolder={folder}"));
            Assert.StartsWith($"{file}:3: {place}: ", mistake, StringComparison.Ordinal);
            Assert.Contains(reason, mistake, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void The_schema_beside_the_profiles_is_no_profile()
    {
        var library = ProfileLibrary.Load(Path.Combine(Repository.Root, "config", "profiles"));

        Assert.Empty(library.Errors);
        Assert.Equal(ProfileLibrary.Load(null).Names, library.Names);
        Assert.DoesNotContain("schema", library.Names);
    }

    [Fact]
    public void The_last_of_two_values_wins_whatever_its_case() =>
        Assert.Equal("b.example.com", Load("HostName=a.example.com", "hostname=b.example.com").HostName);

    [Fact]
    public void The_environment_speaks_our_keys_and_only_those()
    {
        var options = Load(new() { ["GATEWAY_SmartHosts__0__Port"] = "2525", ["GATEWAY_HostName"] = "a.example.com", ["gateway_hostname"] = "a.example.com", ["GATEWAY_E2E"] = "1", ["OTHER__X"] = "1" });
        Assert.Equal(("a.example.com", 2525), (options.HostName, options.SmartHosts[0].Port));

        var slip = Assert.Throws<ConfigurationException>(() => Load(new() { ["GATEWAY_SmartHost__0__Port"] = "2525" }));
        Assert.StartsWith("SmartHost is not a known key", Assert.Single(slip.Errors).ToString(), StringComparison.Ordinal);

        static GatewayOptions Load(System.Collections.Hashtable environment) =>
            ConfigurationLoader.Load(null, ["Relay:AcceptedDomains:0=example.com", "SmartHosts:0:Host=10.0.0.5"], environment);
    }

    [Fact]
    public void Two_listeners_cannot_share_an_endpoint_nor_can_the_web()
    {
        Assert.Equal(["Listeners name the endpoint 127.0.0.1:25 twice: give each listener its own address or port", "Web.Endpoint is \"127.0.0.1:25\", but must be an endpoint that no listener uses"],
            Mistakes("Listeners:0:Endpoint=127.0.0.1:25", "Listeners:1:Endpoint=127.0.0.1:25", "Web:Endpoint=127.0.0.1:25"));
        Assert.Equal(2, Load("Listeners:0:Endpoint=127.0.0.1:0", "Listeners:1:Endpoint=127.0.0.1:0").Listeners.Count);
    }

    [Theory]
    [InlineData("Dashboard:Endpoint=127.0.0.1:8026", 8026, "with an endpoint of its own")]
    [InlineData("dashboard:endpoint=127.0.0.1:8026", 8026, "keys have no case")]
    [InlineData("Dashboard=", 8025, "empty, as { } is: the default endpoint")]
    public void The_section_Web_is_understood_by_its_old_name_with_a_warning(string setting, int port, string reason)
    {
        var options = Load(setting);
        Assert.Equal(port, options.Web?.Endpoint.Port);
        Assert.Equal(["Dashboard is the old name of the section Web: rename it"], options.Warnings.Select(static warning => warning.ToString()));
        Assert.NotEmpty(reason);
    }

    [Fact]
    public void A_section_under_both_of_its_names_is_a_mistake_and_the_old_name_is_offered_to_nobody()
    {
        Assert.Equal(["Dashboard is the old name of the section Web, and both are given: delete Dashboard"],
            Mistakes("Web:Endpoint=127.0.0.1:8025", "Dashboard:Endpoint=127.0.0.1:8026"));
        Assert.Equal(["Dashboard.Port is not a known key. Known keys: Endpoint"], Mistakes("Dashboard:Port=1"));
        Assert.DoesNotContain("Dashboard", Assert.Single(Mistakes("Webb:Endpoint=127.0.0.1:8025")), StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_list_is_empty_and_an_empty_section_stands_there()
    {
        var options = ConfigurationLoader.FromJson("""
            {
              "HostName": "mx.example.com.", "Relay": { "AcceptedDomains": [ "Example.COM." ] }, "SmartHosts": [ { "Host": "10.0.0.5" } ],
              "Policy": { "Exempt": { "Recipients": [] } }, "Web": {}
            }
            """);
        Assert.Empty(options.Policy.ExemptRecipients);
        Assert.Equal(IPEndPoint.Parse("127.0.0.1:8025"), options.Web?.Endpoint);
        Assert.Equal("mx.example.com", options.HostName);
        Assert.Equal(["example.com"], options.Relay.AcceptedDomains);
        Assert.Null(Load().Web);
    }

    [Fact]
    public void A_certificate_that_is_none_and_a_key_that_does_not_fit_are_named()
    {
        using var files = LabCertificate.Create("mx.example.com", TimeProvider.System.GetUtcNow());
        var folder = Directory.CreateTempSubdirectory("gateway-test-").FullName;
        try
        {
            var (text, key) = (Path.Combine(folder, "text.pem"), Path.Combine(folder, "key.pem"));
            File.WriteAllText(text, "hello");
            using (var other = ECDsa.Create(ECCurve.NamedCurves.nistP256))
                File.WriteAllText(key, other.ExportPkcs8PrivateKeyPem());

            Assert.NotNull(Load($"Tls:CertificateFile={files.CertificateFile}", $"Tls:KeyFile={files.KeyFile}").Tls);
            Assert.StartsWith($"Tls.CertificateFile is \"{text}\", but must be a readable certificate chain in PEM form (",
                Assert.Single(Mistakes($"Tls:CertificateFile={text}", $"Tls:KeyFile={files.KeyFile}")), StringComparison.Ordinal);
            Assert.All([text, key], file => Assert.StartsWith($"Tls.KeyFile is \"{file}\", but must be the readable private key",
                Assert.Single(Mistakes($"Tls:CertificateFile={files.CertificateFile}", $"Tls:KeyFile={file}")), StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
