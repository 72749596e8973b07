using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Gateway.Server.Checking;
using Gateway.Server.Configuration;

namespace Gateway.Commands;

/// <summary>
/// <c>gateway health</c>: connects to the first listener as a client would, or asks the running gateway whether it is ready; for containers and
/// monitors.
/// </summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // The gateway itself waits five seconds for its DNS servers and smart hosts.
    private static readonly TimeSpan ReadyPatience = TimeSpan.FromSeconds(8);

    public static Command Create()
    {
        var endpoint = new Option<string?>("--endpoint") { Description = "Connect to this address, for example 127.0.0.1:2525. [default: the first listener of the configuration]", HelpName = "ADDRESS:PORT" };
        var ready = new Option<bool>("--ready")
        {
            Description = "Ask the gateway, at Web.Endpoint, whether its DNS servers and smart hosts answer. [default: only check that a listener answers]",
        };
        var command = new Command("health", "Check that the gateway on this machine answers (exit code 0 if it does).") { GatewayCommand.Config, GatewayCommand.Settings, endpoint, ready };
        command.SetAction((parsed, cancellationToken) => parsed.GetValue(ready)
            ? ReadyAsync(Target(parsed, endpoint, Web), parsed.InvocationConfiguration.Output, cancellationToken)
            : RunAsync(Target(parsed, endpoint, static options => options.Listeners[0].Endpoint), parsed.InvocationConfiguration.Output, cancellationToken));
        return command;
    }

    private static IPEndPoint Web(GatewayOptions options) => options.Web?.Endpoint
        ?? throw new ConfigurationException(ConfigurationError.Missing("Web.Endpoint", "the address on which the gateway reports whether it is ready, such as 127.0.0.1:8025"));

    private static IPEndPoint Target(ParseResult parsed, Option<string?> endpoint, Func<GatewayOptions, IPEndPoint> configured)
    {
        if (parsed.GetValue(endpoint) is { } text)
            return Allowed.ParseEndpoint(text) ?? throw ConfigurationException.OfCommandLine($"--endpoint \"{text}\" is not an address with a port: type one such as 127.0.0.1:25 or [::1]:25");
        var listener = configured(GatewayCommand.LoadConfiguration(parsed));
        // 0.0.0.0 and [::] are for listening only, so connect to loopback instead.
        return listener.Address.Equals(IPAddress.Any) ? new(IPAddress.Loopback, listener.Port)
            : listener.Address.Equals(IPAddress.IPv6Any) ? new(IPAddress.IPv6Loopback, listener.Port)
            : listener;
    }

    private static async Task<int> RunAsync(IPEndPoint endpoint, TextWriter output, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var (isHealthy, words) = await GreetingAsync(endpoint, both.Token);
        await output.WriteLineAsync($"{endpoint}: {words}");
        return isHealthy ? ExitCode.Fine : ExitCode.No;
    }

    private static async Task<int> ReadyAsync(IPEndPoint endpoint, TextWriter output, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = ReadyPatience };
        try
        {
            using var response = await http.GetAsync(new Uri($"http://{endpoint}/health/ready"), cancellationToken);
            using var report = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
            foreach (var check in report.RootElement.GetProperty("checks").EnumerateArray())
                await output.WriteLineAsync($"{check.GetProperty("name")}: {(check.TryGetProperty("reason", out var reason) ? $"not ready: {reason}" : "ready")}");
            return response.IsSuccessStatusCode ? ExitCode.Fine : ExitCode.No;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await output.WriteLineAsync($"{endpoint}: no answer within {ReadyPatience.TotalSeconds:0} s");
        }
        catch (Exception error) when (error is HttpRequestException or JsonException or KeyNotFoundException)
        {
            await output.WriteLineAsync($"{endpoint}: {error.Message}");
        }
        return ExitCode.No;
    }

    private static async Task<(bool IsHealthy, string Words)> GreetingAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient(endpoint.AddressFamily);
            await client.ConnectAsync(endpoint, cancellationToken);
            using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
            var greeting = await reader.ReadLineAsync(cancellationToken);
            await client.GetStream().WriteAsync("QUIT\r\n"u8.ToArray(), cancellationToken);
            // 554 in the greeting means that the policy refuses this client, so the gateway runs; 421 means that it cannot serve now.
            return (greeting is ['2', ..] or ['5', ..], greeting ?? "the connection was closed without a greeting");
        }
        catch (SocketException error)
        {
            return (false, $"cannot connect: {error.Message}");
        }
        catch (IOException error)
        {
            return (false, $"cannot connect: {error.Message}");
        }
        catch (OperationCanceledException)
        {
            return (false, $"no greeting within {Patience.TotalSeconds:0} s");
        }
    }
}
