using System.Diagnostics;
using System.Text;
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
    private readonly StringBuilder _output = new();
    private Process _process;

    private GatewayProcess(string configuration, int[] ports)
    {
        (_configuration, Ports) = (configuration, ports);
        _process = Launch();
    }

    public static string Program => Environment.GetEnvironmentVariable("GATEWAY_DLL") ?? Path.Combine(AppContext.BaseDirectory, "gateway.dll");

    /// <summary>In the order of the listeners.</summary>
    public int[] Ports { get; }

    public int Port => Ports[0];

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

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

    /// <summary>Asks it to stop, as a service manager does, and goes on.</summary>
    public void Terminate() => Tools.Terminate(_process);

    /// <summary>Waits for its end. (A second SIGTERM would kill a process that is just about to return.)</summary>
    public async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    /// <summary>SIGKILL: a crash, a power cut, an impatient operator.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The same program with the same configuration, again.</summary>
    public async Task RestartAsync()
    {
        _process.Dispose();
        _process = Launch();
        await ListensAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
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
            Dashboard = new { Endpoint = $"127.0.0.1:{FreePort.Next()}" },
        }, WithoutNulls)!.AsObject();

    private Process Launch()
    {
        var start = new ProcessStartInfo("dotnet", [Program, "run", "--config", _configuration])
        {
            WorkingDirectory = Path.GetDirectoryName(_configuration),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start");
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private void Keep(string? line)
    {
        lock (_output)
            _output.AppendLine(line);
    }

    private Task ListensAsync() => Poll.UntilAsync("gateway listens", async () =>
    {
        Assert.False(_process.HasExited, $"gateway ended:\n{Output}");
        foreach (var port in Ports)
        {
            if (!await SmtpWire.AcceptsAsync(port))
                return false;
        }

        return true;
    }, () => Output);
}
