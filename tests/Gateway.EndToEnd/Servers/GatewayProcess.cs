using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Gateway.EndToEnd;

/// <summary>A listener of the Gateway under test: the profile's name, and where refusals are spoken when not where it says.</summary>
internal sealed record Listener(string Profile, string? RefuseAt = null);

/// <summary>The product, as an administrator runs it: <c>gateway run --config FILE</c>.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private static readonly JsonSerializerOptions WithoutNulls = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
    private readonly string _configuration;
    private ServerProcess _process;

    private GatewayProcess(string configuration, int[] ports)
    {
        (_configuration, Ports) = (configuration, ports);
        _process = Launch();
    }

    public static string Program => Environment.GetEnvironmentVariable("GATEWAY_DLL") ?? Path.Combine(AppContext.BaseDirectory, "gateway.dll");

    /// <summary>In the order of the listeners.</summary>
    public int[] Ports { get; }

    public int Port => Ports[0];

    /// <summary>Since it was started last.</summary>
    public string Output => _process.Output;

    /// <summary>Starts it with a configuration in the documented form, which <paramref name="adjust"/> may change first.</summary>
    public static async Task<GatewayProcess> StartAsync(
        TempFolder temp, int dnsPort, int smartHostPort, Listener[] listeners, Action<JsonObject>? adjust = null)
    {
        var ports = listeners.Select(_ => FreePort.Next()).ToArray();
        var folder = temp.Folder($"gateway-{ports[0]}");
        var configuration = Configuration(dnsPort, smartHostPort, listeners, ports);
        adjust?.Invoke(configuration);
        await File.WriteAllTextAsync($"{folder}/gateway.json", configuration.ToJsonString());
        var gateway = new GatewayProcess($"{folder}/gateway.json", ports);
        return await Poll.ReadyAsync(gateway, gateway.ListensAsync);
    }

    public void Terminate() => _process.Terminate();

    public Task<int> ExitCodeAsync() => _process.ExitCodeAsync();

    public Task KillAsync() => _process.KillAsync();

    /// <summary>The same program with the same configuration, again.</summary>
    public async Task RestartAsync()
    {
        await _process.DisposeAsync();
        _process = Launch();
        await ListensAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        await _process.DisposeAsync();
    }

    private static JsonObject Configuration(int dnsPort, int smartHostPort, Listener[] listeners, int[] ports) =>
        JsonSerializer.SerializeToNode(new
        {
            HostName = "mx.gw.test",
            Listeners = listeners.Zip(ports, (listener, port) => new
            {
                Endpoint = $"127.0.0.1:{port}",
                listener.Profile,
                listener.RefuseAt,
            }),
            Dns = new { Servers = new[] { $"127.0.0.1:{dnsPort}" } },
            Policy = new { ExemptPrivate = false },
            Relay = new { AcceptedDomains = new[] { "gw.test" } },
            SmartHosts = new[] { new { Host = "127.0.0.1", Port = smartHostPort, Tls = "None" } },
            Limits = new { ConnectionsPerClient = 5000 },
            Web = new { Endpoint = $"127.0.0.1:{FreePort.Next()}" },
        }, WithoutNulls)!.AsObject();

    private ServerProcess Launch() => new("dotnet", Program, "run", "--config", _configuration);

    private Task ListensAsync() => _process.ListensAsync(Ports);
}
