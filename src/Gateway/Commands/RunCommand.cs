using System.CommandLine;
using System.Runtime.InteropServices;
using Gateway.Server.Checking;
using Gateway.Server.Hosting;

namespace Gateway.Commands;

/// <summary><c>gateway run</c>: runs the gateway until it is stopped.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var command = new Command("run", "Run the gateway until it is stopped.") { GatewayCommand.Config, GatewayCommand.Settings };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var host = new GatewayHost(GatewayCommand.LoadConfiguration(parsed));
        // Windows has no SIGHUP. There, .NET reports the closing of the console as SIGHUP, and that ends the process.
        using var hangup = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            _ = host.ReloadAsync(() => GatewayCommand.LoadConfiguration(parsed));
        });
        await host.StartAsync(cancellationToken);
        await host.WaitForStopAsync(cancellationToken);
        return ExitCode.Fine;
    }
}
