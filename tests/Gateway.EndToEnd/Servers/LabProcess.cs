using System.Globalization;
using System.Text.Json;

namespace Gateway.EndToEnd;

/// <summary><c>gateway lab</c> as a process of its own, on ports of its own; it says where everything is.</summary>
internal sealed class LabProcess : IAsyncDisposable
{
    private readonly ServerProcess _process;
    private JsonElement _places;

    private LabProcess(ServerProcess process, string folder) => (_process, Folder) = (process, folder);

    /// <summary>Where captured messages lie.</summary>
    public string Folder { get; }

    public int ByRecipient => Port(_places.GetProperty("byRecipient"));

    public int Proxied => Port(_places.GetProperty("proxied"));

    public int DnsPort => Port(_places.GetProperty("dns"));

    /// <summary>All that it printed, a line of JSON each.</summary>
    public string Output => _process.Output;

    public static async Task<LabProcess> StartAsync(TempFolder temp, params string[] options)
    {
        var folder = temp.Path("captured");
        var dns = options.Contains("--dns") ? Array.Empty<string>() : ["--dns", "127.0.0.1:0"];
        var lab = new LabProcess(new("dotnet", [GatewayProcess.Program, "lab", "--json", "--port", "0", "--folder", folder, .. dns, .. options]), folder);
        return await Poll.ReadyAsync(lab, lab.OpensAsync);
    }

    public int PortOf(string profile) => Port(_places.GetProperty("profiles").GetProperty(profile));

    /// <summary>Types a command, and waits for its answer.</summary>
    public async Task<string> TypeAsync(string command)
    {
        var before = Output.Length;
        await _process.Input.WriteLineAsync(command);
        await _process.Input.FlushAsync(TestContext.Current.CancellationToken);
        await Poll.UntilAsync($"the lab answers {command}", () => Output[before..].Contains("{\"said\":", StringComparison.Ordinal));
        return Output[before..].Trim();
    }

    public Task<int> ExitCodeAsync() => _process.ExitCodeAsync();

    public void CloseInput() => _process.Input.Close();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await _process.KillAsync();
        // The runner shows it when the test has failed.
        TestContext.Current.TestOutputHelper?.WriteLine(Output[Math.Max(0, Output.Length - 4_000)..]);
        await _process.DisposeAsync();
    }

    private async Task OpensAsync()
    {
        await _process.AnswersAsync(() => Task.FromResult(Output.Contains('\n', StringComparison.Ordinal)));
        Assert.True(Output is ['{', ..], $"the lab did not open: {Output}");
        _places = JsonDocument.Parse(Output.Split('\n')[0]).RootElement;
    }

    private static int Port(JsonElement endpoint) => int.Parse(endpoint.GetString()!.Split(':')[^1], CultureInfo.InvariantCulture);
}
