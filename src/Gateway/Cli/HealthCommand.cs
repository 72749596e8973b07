using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Configuration;

namespace Gateway.Cli;

/// <summary><c>gateway health</c>: knocks at the first listener as a client would; for containers and monitors.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var endpoint = new Option<string?>("--endpoint") { Description = "Where to knock; else the configuration's first listener.", HelpName = "ADDRESS:PORT" };
        var command = new Command("health", "Says whether the gateway on this machine greets.") { Commands.Config, Commands.Settings, endpoint };
        command.SetAction((parsed, cancellationToken) => RunAsync(Target(parsed, endpoint), parsed.InvocationConfiguration.Output, cancellationToken));
        return command;
    }

    private static IPEndPoint Target(ParseResult parsed, Option<string?> endpoint)
    {
        if (parsed.GetValue(endpoint) is { } text)
            return Allowed.ParseEndpoint(text) ?? throw new ConfigurationException(ConfigurationError.Wrong("--endpoint", text, Allowed.Endpoint));
        var listener = Commands.LoadConfiguration(parsed).Listeners[0].Endpoint;
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
