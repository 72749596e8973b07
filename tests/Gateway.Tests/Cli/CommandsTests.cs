using System.Net;
using System.Net.Sockets;
using Gateway.Cli;
using Gateway.Tests.Cli.Playing;
using Gateway.Tests.Hosting;
using Gateway.Tests.Relay;

namespace Gateway.Tests.Cli;

public sealed class CommandsTests
{
    private static readonly string Shipped = Path.Combine(Repository.Root, "config", "gateway.json");

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Commands.RunAsync(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }

    [Theory]
    [InlineData("", "gateway takes one of: run, lab, play, check, config", "no command")]
    [InlineData("bogus", "'bogus'", "no such command")]
    [InlineData("config", "gateway config takes one of: check, show.", "half a command")]
    [InlineData("config bogus", "'bogus'", "the wrong half")]
    [InlineData("run --port 25", "'--port'", "no such option")]
    [InlineData("run --config", "'--config'", "an option without its value")]
    [InlineData("lab --dns 5353", "--dns wants an address with a port, such as 127.0.0.1:5353, not 5353", "a port alone")]
    [InlineData("lab --address here", "--address wants an address of this machine, such as 0.0.0.0 or 10.0.0.5, not here", "no address")]
    [InlineData("lab --zones /none", "--zones wants a folder that exists, not /none", "no folder")]
    [InlineData("lab --smarthost /none", "--smarthost wants a file that exists, not /none", "no file")]
    [InlineData("lab --port x", "--port wants a port from 0 to 65534, not x", "no port")]
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
    [InlineData("config check --help", "--config")]
    [InlineData("--version", "0.1.0")]
    public async Task Help_is_0(string line, string expected)
    {
        var (code, output, error) = await RunAsync(line.Split(' '));
        Assert.Equal(0, code);
        Assert.Contains(expected, output, StringComparison.Ordinal);
        Assert.Empty(error);
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
    [InlineData("a.script", "RCTP 550 x\n", "--smarthost", "the script of the smart host has a mistake:")]
    public async Task A_lab_whose_files_are_wrong_is_78_and_says_which(string file, string text, string option, string expected)
    {
        using var folder = new PlayFolder();
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
        Assert.Contains("--config is \"/nowhere/gateway.json\": the path of a file that exists", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_that_are_none_are_all_named()
    {
        var (code, _, error) = await RunAsync("config", "check", "-c", Shipped, "--set", "HostName", "--set", "=x");
        Assert.Equal(78, code);
        Assert.Contains("--set is \"HostName\": KEY=VALUE", error, StringComparison.Ordinal);
        Assert.Contains("--set is \"=x\": KEY=VALUE", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_is_never_shown()
    {
        var (code, output, _) = await RunAsync("config", "show", "-c", Shipped, "--set", "SmartHosts:0:UserName=me", "--set", "SmartHosts:0:Password=s3cret");
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
    public async Task Profiles_fit_a_narrow_terminal_and_one_is_shown_with_its_words()
    {
        var list = (await RunAsync("profiles")).Output;
        var one = (await RunAsync("profiles", "gmx")).Output;
        Assert.All((list + one).Split('\n'), line => Assert.True(line.TrimEnd().Length <= 80, line));
        Assert.All(Gateway.Configuration.ProfileLibrary.Load(null).Names, name => Assert.Contains($"  {name} ", list, StringComparison.Ordinal));
        Assert.Contains("  exchange-2003           never ", list, StringComparison.Ordinal);
        Assert.Contains("  554 Bad DNS PTR resource record.", one, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_that_does_not_exist_is_1_and_a_folder_that_does_not_is_78()
    {
        var (code, _, error) = await RunAsync("profiles", "nobody");
        Assert.Equal(1, code);
        Assert.StartsWith("gateway: there is no profile \"nobody\"; there are aol-2003, ", error, StringComparison.Ordinal);
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
        Assert.Equal((1, $"gateway: Failed to bind to address {other.LocalEndpoint}: address already in use."), (code, error.TrimEnd()));
    }
}
