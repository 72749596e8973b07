using System.CommandLine;
using Gateway.Hosting;

namespace Gateway.Cli;

/// <summary><c>gateway run</c>: the production start.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var command = new Command("run", "Receives mail until it is told to stop.") { Commands.Config, Commands.Settings };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var host = new GatewayHost(Commands.LoadConfiguration(parsed));
        await host.StartAsync(cancellationToken);
        await host.WaitForStopAsync(cancellationToken);
        return ExitCode.Fine;
    }
}
