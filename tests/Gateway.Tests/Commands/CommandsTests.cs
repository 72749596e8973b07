using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Gateway.Commands;
using Gateway.Server.Configuration;

namespace Gateway.Tests.Commands;

public sealed class CommandsTests
{
    private static readonly string Shipped = Path.Combine(Repository.Root, "config", "gateway.json");

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await GatewayCommand.RunAsync(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }

    [Theory]
    [InlineData("bogus", "'bogus'", "no such command")]
    [InlineData("config", "The commands of \"gateway config\" are: check, show.", "half a command")]
    [InlineData("config bogus", "'bogus'", "the wrong half")]
    [InlineData("run --port 25", "'--port'", "no such option")]
    [InlineData("run --config", "'--config'", "an option without its value")]
    [InlineData("lab --dns 5353", "--dns \"5353\" is not an address with a port: type one such as 127.0.0.1:5353", "a port alone")]
    [InlineData("lab --address here", "--address \"here\" is not an IP address: type an address of this machine, such as 0.0.0.0 or 10.0.0.5", "no address")]
    [InlineData("lab --zones /none", "--zones \"/none\" does not exist, or is not a folder", "no folder")]
    [InlineData("lab --smarthost /none", "--smarthost \"/none\" does not exist", "no file")]
    [InlineData("lab --port x", "--port \"x\" is not a port: type a number from 0 to 65534", "no port")]
    [InlineData("profiles standard strict", "'strict'", "one too many")]
    public async Task Wrong_use_is_64_and_says_what_to_type(string line, string expected, string reason)
    {
        var (code, output, error) = await RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.True(code == 64, reason);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Contains("--help\" for more.", error, StringComparison.Ordinal);
        Assert.Empty(output);
    }

    [Theory]
    [InlineData("--help", "Usage:")]
    [InlineData("help", "  gateway lab\n")]
    [InlineData("help config check", " config check [options]")]
    [InlineData("config check --help", "--config")]
    [InlineData("--version", "0.1.0")]
    public async Task Help_is_0(string line, string expected)
    {
        var (code, output, error) = await RunAsync(line.Split(' '));
        Assert.Equal(0, code);
        Assert.Contains(expected, output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Empty(error);
    }

    [Fact]
    public async Task The_name_of_the_program_alone_shows_its_help()
    {
        var help = await RunAsync("--help");
        Assert.Equal(help, await RunAsync());
        Assert.Equal(help, await RunAsync("help"));
    }

    [Theory]
    [InlineData("help bogus", "gateway: \"bogus\" is not a command of \"gateway\".\nThe commands of \"gateway\" are: run, lab,")]
    [InlineData("help config bogus", "gateway: \"bogus\" is not a command of \"gateway config\".\nThe commands of \"gateway config\" are: check, show.")]
    [InlineData("help run bogus", "gateway: \"bogus\" is not a command of \"gateway run\".\nType \"gateway run --help\" for more.")]
    public async Task Help_for_a_command_that_does_not_exist_says_which_do(string line, string expected)
    {
        var (code, output, error) = await RunAsync(line.Split(' '));
        Assert.Equal((64, ""), (code, output));
        Assert.StartsWith(expected, error.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_help_of_each_command_ends_with_two_examples_that_can_be_typed()
    {
        var root = GatewayCommand.Root();
        foreach (var command in CommandsBelow(root))
        {
            var path = Examples.PathOf(command);
            var examples = Examples.Of(command);
            Assert.True(examples.Count == 2, path);
            Assert.All(examples, example => Assert.StartsWith(path, example, StringComparison.Ordinal));
            Assert.All(examples, example => Assert.DoesNotContain(root.Parse(example["gateway".Length..]).Errors, static error => !IsAbsentFile(error.Message)));
            var help = (await RunAsync([.. path.Split(' ').Skip(1), "--help"])).Output.ReplaceLineEndings("\n");
            Assert.EndsWith($"Examples:\n  {examples[0]}\n  {examples[1]}\n", help, StringComparison.Ordinal);
        }
    }

    private static bool IsAbsentFile(string problem) => problem.Contains("does not exist: type the path of a conversation file", StringComparison.Ordinal);

    private static IEnumerable<Command> CommandsBelow(Command command) => command.Subcommands.SelectMany(CommandsBelow).Prepend(command);

    [Fact]
    public async Task Without_a_configuration_the_usual_places_are_named()
    {
        var (code, output, error) = await RunAsync("config", "check");
        Assert.Equal((78, ""), (code, output));
        Assert.StartsWith($"gateway: no configuration was found: neither {ConfigurationPlaces.OfSystem} nor {Path.Combine(".", "gateway.json")} exists.", error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_place_of_the_system_comes_before_the_current_folder()
    {
        using var folder = new ScratchFolder();
        var (system, here) = (Path.Combine(folder.Path, "etc.json"), Path.Combine(folder.Path, "here.json"));
        Assert.Null(ConfigurationPlaces.Find([system, here]));
        folder.Write("here.json", "{}");
        Assert.Equal(here, ConfigurationPlaces.Find([system, here]));
        folder.Write("etc.json", "{}");
        Assert.Equal(system, ConfigurationPlaces.Find([system, here]));
    }

    [Fact]
    public async Task A_right_configuration_is_0_and_counted()
    {
        var (code, output, error) = await RunAsync("config", "check", "--config", Shipped);
        Assert.Equal((0, ""), (code, error));
        Assert.Equal("The configuration is right: 1 listener, 1 accepted domain, 1 smart host.", output.TrimEnd());
    }

    [Fact]
    public async Task A_configuration_that_is_right_but_for_an_old_name_is_0_with_a_warning()
    {
        var (code, output, error) = await RunAsync("config", "check", "--config", Shipped, "--set", "Dashboard:Endpoint=127.0.0.1:8025");
        Assert.Equal((0, ""), (code, error));
        Assert.EndsWith("Warning: Dashboard is the old name of the section Web: rename it.", output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Five_mistakes_are_78_and_five_lines()
    {
        var (code, output, error) = await RunAsync("config", "check", "-c", Shipped,
            "--set", "HostName=nowhere", "--set", "Listeners:0:Profile=lax", "--set", "Relay:AcceptedDomains:0=*", "--set", "SmartHosts:0:Port=0", "--set", "Limit=1");
        Assert.Equal((78, ""), (code, output));
        var lines = error.TrimEnd().ReplaceLineEndings("\n").Split('\n');
        Assert.Equal("gateway: the configuration has 5 mistakes:", lines[0]);
        Assert.Equal(["HostName", "Limit", "Listeners[0].Profile", "Relay.AcceptedDomains[0]", "SmartHosts[0].Port"],
            lines.Skip(1).Select(line => line.Trim().Split(' ')[0]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("a.zone", "x\n", "--zones", "the zones have 2 mistakes:")]
    [InlineData("a.script", "RCTP 550 x\n", "--smarthost", "the smart host's file has a mistake:")]
    public async Task A_lab_whose_files_are_wrong_is_78_and_says_which(string file, string text, string option, string expected)
    {
        using var folder = new ScratchFolder();
        folder.Write(file, text);
        var path = option == "--zones" ? folder.Path : Path.Combine(folder.Path, file);
        var (code, output, error) = await RunAsync("lab", "--port", "0", option, path, "--folder", folder.Path);
        Assert.Equal((78, ""), (code, output));
        Assert.StartsWith($"gateway: {expected}", error, StringComparison.Ordinal);
        Assert.Contains($"{Path.Combine(folder.Path, file)}:1: ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("config check")]
    [InlineData("config show")]
    [InlineData("health")]
    public async Task A_file_that_is_not_there_is_78(string command)
    {
        var (code, _, error) = await RunAsync([.. command.Split(' '), "--config", "/nowhere/gateway.json"]);
        Assert.Equal(78, code);
        Assert.Contains("gateway: the configuration file \"/nowhere/gateway.json\" does not exist: check the path after --config", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_that_are_none_are_all_named()
    {
        var (code, _, error) = await RunAsync("config", "check", "-c", Shipped, "--set", "HostName", "--set", "=x");
        Assert.Equal(78, code);
        Assert.Contains("--set \"HostName\" is not of the form KEY=VALUE", error, StringComparison.Ordinal);
        Assert.Contains("--set \"=x\" is not of the form KEY=VALUE", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Dns.Servers.0=9.9.9.9", "type Dns:Servers:0=9.9.9.9")]
    [InlineData("Dns.Servers[0]=9.9.9.9", "type Dns:Servers:0=9.9.9.9")]
    [InlineData("SmartHosts[1].Host=a.example", "type SmartHosts:1:Host=a.example")]
    public async Task A_setting_whose_key_is_written_as_in_an_error_message_is_answered_with_the_key_to_type(string setting, string expected)
    {
        var (code, _, error) = await RunAsync("config", "check", "-c", Shipped, "--set", setting);
        Assert.Equal(78, code);
        Assert.StartsWith($"gateway: --set \"{setting}\": the parts of a key are separated by colons", error, StringComparison.Ordinal);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_is_never_shown()
    {
        var (code, output, _) = await RunAsync("config", "show", "-c", Shipped, "--set", "SmartHosts:0:Tls=Required", "--set", "SmartHosts:0:UserName=me", "--set", "SmartHosts:0:Password=s3cret");
        Assert.Equal(0, code);
        Assert.Contains("\"Password\": \"(hidden)\"", output, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Profiles_are_listed_and_one_is_shown_without_escapes()
    {
        var list = await RunAsync("profiles");
        var one = await RunAsync("profiles", "strict");
        Assert.Equal((0, 0), (list.Code, one.Code));
        Assert.All(["aol-2006", "fcrdns", "observe", "ptr", "standard", "strict"], name => Assert.Contains(name, list.Output, StringComparison.Ordinal));
        Assert.Contains("require-fcrdns", one.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\x1b', list.Output + one.Output);
    }

    [Fact]
    public async Task Profiles_are_listed_by_group_and_receivers_of_earlier_years_on_their_own()
    {
        var list = (await RunAsync("profiles")).Output;
        string[] headings = ["Gateway's policies", "receivers of today", "earlier receivers", "server software"];
        var starts = headings.Select(heading => list.IndexOf($"  {heading} ", StringComparison.Ordinal)).ToArray();
        Assert.Equal(starts.Where(static start => start >= 0).Order(), starts);
        Assert.Equal(
            headings,
            new[] { "strict", "gmx", "aol-2006", "postfix" }.Select(name => headings[Array.FindLastIndex(starts, start => start < list.IndexOf($"  {name} ", StringComparison.Ordinal))]));
    }

    [Fact]
    public async Task Profiles_are_printed_for_programs_as_their_files_say()
    {
        using var all = JsonDocument.Parse((await RunAsync("profiles", "--json")).Output);
        Assert.Equal(ProfileLibrary.Load(null).Names, all.RootElement.EnumerateArray().Select(static profile => profile.GetProperty("name").GetString()!));
        using var one = JsonDocument.Parse((await RunAsync("profiles", "gmx", "--json")).Output);
        Assert.Equal(
            ("gmx", "receiver", "Enforce"),
            (one.RootElement.GetProperty("name").GetString(), one.RootElement.GetProperty("group").GetString(),
                one.RootElement.GetProperty("checks").GetProperty("require-fcrdns").GetProperty("mode").GetString()));
        Assert.False(one.RootElement.TryGetProperty("$schema", out _));
    }

    [Fact]
    public async Task A_profile_is_shown_with_its_greeting_and_dialogue()
    {
        var output = (await RunAsync("profiles", "postfix")).Output;

        Assert.Contains("220 {host} ESMTP Postfix", output, StringComparison.Ordinal);
        Assert.Contains("reply to mail, if accepted:", output, StringComparison.Ordinal);
        Assert.Contains("250 Ok: queued as {session}", output, StringComparison.Ordinal);
        Assert.Contains("extensions in the reply to ehlo: PIPELINING, SIZE, VRFY, STARTTLS, AUTH,", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Profiles_fit_a_narrow_terminal_and_one_is_shown_with_its_words()
    {
        var list = (await RunAsync("profiles")).Output;
        var one = (await RunAsync("profiles", "gmx")).Output;
        Assert.All((list + one).Split('\n'), line => Assert.True(line.TrimEnd().Length <= 80, line));
        Assert.All(ProfileLibrary.Load(null).Names, name => Assert.Contains($"  {name} ", list, StringComparison.Ordinal));
        Assert.Contains("  554 For explanation visit", one, StringComparison.Ordinal);
        Assert.Contains("  exchange-2003           never ", list, StringComparison.Ordinal);
        Assert.Contains("  554-Bad DNS PTR resource record.", one, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_that_does_not_exist_is_1_and_a_folder_that_does_not_is_78()
    {
        var (code, _, error) = await RunAsync("profiles", "nobody");
        Assert.Equal(1, code);
        Assert.StartsWith("gateway: no profile is called \"nobody\"; \"gateway profiles\" lists all", error, StringComparison.Ordinal);
        Assert.Contains("no profile is called \"aol2006\" (did you mean \"aol-2006\"?)", (await RunAsync("profiles", "aol2006")).Error, StringComparison.Ordinal);
        Assert.Equal(78, (await RunAsync("profiles", "--folder", "/nowhere")).Code);
    }

    [Fact]
    public async Task Health_is_0_where_somebody_greets_and_1_where_nobody_does()
    {
        await using var server = new ScriptedSmartHost();
        await using var gateway = await RunningGateway.StartAsync(server.Endpoint);
        var healthy = await RunAsync("health", "--endpoint", gateway.Endpoint.ToString());
        Assert.Equal((0, $"{gateway.Endpoint}: 220 mx.gateway.test ESMTP Gateway"), (healthy.Code, healthy.Output.TrimEnd()));

        await gateway.StopAsync();
        Assert.Equal(1, (await RunAsync("health", "--endpoint", gateway.Endpoint.ToString())).Code);
        Assert.Equal(78, (await RunAsync("health", "--endpoint", "127.0.0.1")).Code);
    }

    [Fact]
    public async Task A_gateway_is_asked_whether_it_is_ready_and_tells_what_is_not()
    {
        using var free = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        free.Start();
        var web = free.LocalEndpoint.ToString();
        free.Stop();
        await using var server = new ScriptedSmartHost();
        await using (await RunningGateway.StartAsync(server.Endpoint, $"Web:Endpoint={web}"))
        {
            var (code, output, _) = await RunAsync("health", "--ready", "--endpoint", web!);
            Assert.Equal(1, code);
            Assert.Contains("dns: not ready: ", output, StringComparison.Ordinal);
            Assert.Contains($"smart host {server.Endpoint}: ready", output, StringComparison.Ordinal);
        }
        Assert.Equal(1, (await RunAsync("health", "--ready", "--endpoint", web!)).Code);
        Assert.Equal(78, (await RunAsync("health", "--ready", "--config", Shipped)).Code);
    }

    [Fact]
    public async Task A_busy_gateway_is_not_healthy()
    {
        await using var server = new ScriptedSmartHost { Answers = static (_, asked) => asked == "greeting" ? "421 4.3.2 stopping" : null };
        var (code, output, _) = await RunAsync("health", "--endpoint", server.Endpoint.ToString());
        Assert.Equal((1, $"{server.Endpoint}: 421 4.3.2 stopping"), (code, output.TrimEnd()));
    }

    [Fact]
    public async Task An_endpoint_that_is_taken_is_1_and_one_sentence()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var (code, _, error) = await RunAsync("run", "-c", Shipped, "--set", $"Listeners:0:Endpoint={other.LocalEndpoint}");
        Assert.Equal((1, $"gateway: cannot listen on {other.LocalEndpoint}: a program uses this port already (\"ss -ltnp\" shows which)"), (code, error.TrimEnd()));
    }
}
