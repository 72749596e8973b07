using System.CommandLine;
using System.Globalization;
using Gateway.Cli.Playing;
using Gateway.Lab;

namespace Gateway.Cli;

/// <summary><c>gateway lab</c>: everything at once on this machine, to see what happens.</summary>
internal static class LabCommand
{
    private static readonly LabOptions Defaults = new();

    private static readonly Option<string> Folder = new("--folder")
    {
        Description = "Where the captured messages are written.",
        HelpName = "FOLDER",
        DefaultValueFactory = _ => Defaults.CaptureFolder,
    };

    private static readonly Option<int> Port = new("--port")
    {
        Description = "Of the first listener; the second has the next one. 0, and a port that is taken: any free port.",
        HelpName = "PORT",
        DefaultValueFactory = _ => Defaults.Port,
    };

    private static readonly Option<int> DnsPort = new("--dns-port")
    {
        Description = "Of the lab's DNS.",
        HelpName = "PORT",
        DefaultValueFactory = _ => Defaults.DnsPort,
    };

    static LabCommand()
    {
        foreach (var option in new[] { Port, DnsPort })
            option.Validators.Add(result =>
            {
                if (result.Tokens is [var token] && (!int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > 65534))
                    result.AddError($"{option.Name} wants a port from 0 to 65534, not {token.Value}");
            });
    }

    public static Command Create()
    {
        var command = new Command("lab", "Opens a gateway, its DNS and its smart host on this machine, to play with.") { Folder, Port, DnsPort, ScenarioCommand.Scenario };
        command.SetAction(static async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(ScenarioCommand.Scenario) is { } scenario)
                return await ScenarioCommand.RunAsync(scenario, parsed.InvocationConfiguration, cancellationToken);
            var options = new LabOptions
            {
                CaptureFolder = parsed.GetValue(Folder)!,
                Port = parsed.GetValue(Port),
                DnsPort = parsed.GetValue(DnsPort),
            };
            await LabHost.RunAsync(options, Terminal.Create(parsed.InvocationConfiguration.Output), cancellationToken);
            return ExitCode.Fine;
        });
        return command;
    }
}
