using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Gateway.EndToEnd;

/// <summary><c>gateway lab</c> as a process of its own, on ports of its own; it says where everything is.</summary>
internal sealed class LabProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private JsonElement _places;

    private LabProcess(Process process, string folder) => (_process, Folder) = (process, folder);

    /// <summary>Where captured messages lie.</summary>
    public string Folder { get; }

    public int ByRecipient => Port(_places.GetProperty("byRecipient"));

    public int Proxied => Port(_places.GetProperty("proxied"));

    public int DnsPort => Port(_places.GetProperty("dns"));

    /// <summary>All that it printed, a line of JSON each.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public static async Task<LabProcess> StartAsync(TempFolder temp, params string[] options)
    {
        var folder = temp.Path("captured");
        var program = Environment.GetEnvironmentVariable("GATEWAY_DLL") ?? Path.Combine(AppContext.BaseDirectory, "gateway.dll");
        var dns = options.Contains("--dns") ? Array.Empty<string>() : ["--dns", "127.0.0.1:0"];
        var lab = new LabProcess(Tools.Start("dotnet", [program, "lab", "--json", "--port", "0", "--folder", folder, .. dns, .. options]), folder);
        return await Poll.ReadyAsync(lab, lab.OpensAsync);
    }

    public int PortOf(string profile) => Port(_places.GetProperty("profiles").GetProperty(profile));

    /// <summary>Types a command, and waits for its answer.</summary>
    public async Task<string> TypeAsync(string command)
    {
        var before = Output.Length;
        await _process.StandardInput.WriteLineAsync(command);
        await _process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        await Poll.UntilAsync($"the lab answers {command}", () => Output[before..].Contains("{\"said\":", StringComparison.Ordinal));
        return Output[before..].Trim();
    }

    public async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public void CloseInput() => _process.StandardInput.Close();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }
        // The runner shows it when the test has failed.
        TestContext.Current.TestOutputHelper?.WriteLine(Output[Math.Max(0, Output.Length - 4_000)..]);
        _process.Dispose();
    }

    private async Task OpensAsync()
    {
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Poll.UntilAsync("the lab opens", () => Output.Contains('\n', StringComparison.Ordinal) || _process.HasExited);
        Assert.True(Output is ['{', ..], $"the lab did not open: {Output}");
        _places = JsonDocument.Parse(Output.Split('\n')[0]).RootElement;
    }

    private void Keep(string? line)
    {
        lock (_output)
            _output.AppendLine(line);
    }

    private static int Port(JsonElement endpoint) => int.Parse(endpoint.GetString()!.Split(':')[^1], CultureInfo.InvariantCulture);
}
