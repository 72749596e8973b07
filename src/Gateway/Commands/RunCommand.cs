using System.CommandLine;
using System.Runtime.InteropServices;
using Gateway.Server.Checking;
using Gateway.Server.Hosting;

namespace Gateway.Commands;

/// <summary><c>gateway run</c>: the production start.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var command = new Command("run", "Receives mail until it is told to stop.") { GatewayCommand.Config, GatewayCommand.Settings };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var host = new GatewayHost(GatewayCommand.LoadConfiguration(parsed));
        // Windows has no SIGHUP: there .NET calls the closing of the console so, and that ends the process.
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
