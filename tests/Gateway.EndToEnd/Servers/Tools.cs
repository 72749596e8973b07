using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Gateway.EndToEnd;

/// <summary>The foreign programs. Where GATEWAY_E2E is 1 they must be there; elsewhere a test that wants them is skipped.</summary>
internal static class Tools
{
    public const string Nsd = "/usr/sbin/nsd";
    public const string Postfix = "/usr/sbin/postfix";
    public const string Postqueue = "/usr/sbin/postqueue";
    public const string Swaks = "/usr/bin/swaks";
    public const string HaProxy = "/usr/sbin/haproxy";
    public const string Nginx = "/usr/sbin/nginx";

    // By its path: a machine may have another Python in front, without Debian's packages.
    public const string Python = "/usr/bin/python3";

    public static bool Demanded => Environment.GetEnvironmentVariable("GATEWAY_E2E") == "1";

    /// <summary>Skips, or fails, unless all of them can be run here.</summary>
    public static void Require(params string[] programs)
    {
        if (Demanded)
        {
            var missing = programs.Where(p => !File.Exists(p)).ToArray();
            Assert.True(missing.Length == 0, $"missing: {string.Join(", ", missing)}");
            return;
        }

        Assert.Skip("end-to-end tests start real servers as root: set GATEWAY_E2E=1, as .ci/run does");
    }

    public static async Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }

    public static Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
    }

    /// <summary>Asks this one process to end, as a service manager does (SIGTERM).</summary>
    public static void Terminate(Process process) => _ = Kill(process.Id, 15);

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
