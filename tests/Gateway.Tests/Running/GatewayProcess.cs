using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;

namespace Gateway.Tests.Running;

/// <summary>
/// The program in a process of its own, whose standard output is a pipe. Nobody reads the pipe after the start, unless the test
/// asks for the lines.
/// </summary>
internal sealed partial class GatewayProcess : IAsyncDisposable
{
    private const int Sigterm = 15;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private GatewayProcess(Process process) => _process = process;

    public IPEndPoint Endpoint { get; private set; } = new(IPAddress.Loopback, 0);

    public int ThreadCount
    {
        get
        {
            _process.Refresh();
            return _process.Threads.Count;
        }
    }

    /// <summary>Starts a gateway for gateway.test, and reads its log until it says where it listens.</summary>
    public static Task<GatewayProcess> StartAsync(IPEndPoint smartHost, params string[] settings) => StartAsync(openFiles: null, smartHost, settings);

    /// <param name="openFiles">The limit of open files of the process; null for that of the tests.</param>
    /// <param name="smartHost">Where mail goes.</param>
    /// <param name="settings">As in <c>--set</c>.</param>
    public static async Task<GatewayProcess> StartAsync(int? openFiles, IPEndPoint smartHost, params string[] settings)
    {
        string[] all =
        [
            "HostName=mx.gateway.test", "Listeners:0:Endpoint=127.0.0.1:0", "Dns:Servers:0=127.0.0.1:9", "Relay:AcceptedDomains:0=gateway.test",
            $"SmartHosts:0:Host={smartHost.Address}", $"SmartHosts:0:Port={smartHost.Port}", "SmartHosts:0:Tls=None", .. settings,
        ];
        string[] run = ["dotnet", Path.Combine(AppContext.BaseDirectory, "gateway.dll"), "run", .. all.SelectMany(static setting => (string[])["--set", setting])];
        var start = openFiles is { } limit
            ? new ProcessStartInfo("/bin/sh", ["-c", $"ulimit -n {limit}; exec \"$@\"", "sh", .. run])
            : new ProcessStartInfo(run[0], run[1..]);
        start.RedirectStandardOutput = true;
        var gateway = new GatewayProcess(Process.Start(start)!);
        gateway.Endpoint = await gateway.ListeningAsync();
        return gateway;
    }

    /// <summary>The next line of the log; null when the process has closed its output.</summary>
    public Task<string?> ReadLineAsync() => _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);

    /// <summary>Asks the process to stop, as a service manager does (SIGTERM), and waits. False: the process still runs after that time.</summary>
    public async Task<bool> StopsWithinAsync(TimeSpan time)
    {
        _ = Kill(_process.Id, Sigterm);
        using var late = new CancellationTokenSource(time, TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(late.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public int ExitCode => _process.ExitCode;

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private async Task<IPEndPoint> ListeningAsync()
    {
        while (await ReadLineAsync() is { } line)
            if (Listening().Match(line) is { Success: true } match)
                return IPEndPoint.Parse(match.Groups[1].Value);
        throw new InvalidOperationException("the gateway ended before it listened");
    }

    [System.Text.RegularExpressions.GeneratedRegex(@"listening on ([\d.]+:\d+)")]
    private static partial System.Text.RegularExpressions.Regex Listening();

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
