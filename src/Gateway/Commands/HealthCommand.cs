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

    // The gateway itself waits five seconds for what it depends on.
    private static readonly TimeSpan ReadyPatience = TimeSpan.FromSeconds(8);

    public static Command Create()
    {
        var endpoint = new Option<string?>("--endpoint") { Description = "Where to knock; else the configuration's first listener.", HelpName = "ADDRESS:PORT" };
        var ready = new Option<bool>("--ready")
        {
            Description = "Ask the gateway at Web.Endpoint whether its DNS servers and smart hosts answer. Default: connect to a listener only.",
        };
        var command = new Command("health", "Says whether the gateway on this machine greets.") { GatewayCommand.Config, GatewayCommand.Settings, endpoint, ready };
        command.SetAction((parsed, cancellationToken) => parsed.GetValue(ready)
            ? ReadyAsync(Target(parsed, endpoint, Web), parsed.InvocationConfiguration.Output, cancellationToken)
            : RunAsync(Target(parsed, endpoint, static options => options.Listeners[0].Endpoint), parsed.InvocationConfiguration.Output, cancellationToken));
        return command;
    }

    private static IPEndPoint Web(GatewayOptions options) => options.Web?.Endpoint
        ?? throw new ConfigurationException(ConfigurationError.Missing("Web.Endpoint", "the address where the gateway says whether it is ready, such as 127.0.0.1:8025"));

    private static IPEndPoint Target(ParseResult parsed, Option<string?> endpoint, Func<GatewayOptions, IPEndPoint> configured)
    {
        if (parsed.GetValue(endpoint) is { } text)
            return Allowed.ParseEndpoint(text) ?? throw new ConfigurationException(ConfigurationError.Wrong("--endpoint", text, Allowed.Endpoint));
        var listener = configured(GatewayCommand.LoadConfiguration(parsed));
        // "Any" is for listening; this machine reaches itself by loopback.
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
            // A policy that refuses this very client in the greeting (554) is alive all the same; 421 is "not now".
            return (greeting is ['2', ..] or ['5', ..], greeting ?? "closed without a greeting");
        }
        catch (SocketException error)
        {
            return (false, error.Message);
        }
        catch (IOException error)
        {
            return (false, error.Message);
        }
        catch (OperationCanceledException)
        {
            return (false, $"no greeting within {Patience.TotalSeconds:0} s");
        }
    }
}
