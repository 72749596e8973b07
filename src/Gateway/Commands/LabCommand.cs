using System.CommandLine;
using System.Globalization;
using System.Net;
using Gateway.Lab.Hosting;
using Gateway.Lab.Screens;
using Gateway.Playing;
using Gateway.Server.Checking;
using Gateway.Server.Configuration;

namespace Gateway.Commands;

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

    private static readonly Option<string?> Address = new("--address")
    {
        Description = $"Where the SMTP listeners listen; {Defaults.Address} unless machines under test are to reach them, such as 0.0.0.0.",
        HelpName = "ADDRESS",
    };

    private static readonly Option<int> Port = new("--port")
    {
        Description = "Of the first listener; the others have the next ones. 0, and a port that is taken: any free port.",
        HelpName = "PORT",
        DefaultValueFactory = _ => Defaults.Port,
    };

    private static readonly Option<string?> Dns = new("--dns")
    {
        Description = $"Where the lab's DNS serves, to other software too; without it {LabOptions.UsualDns}, or a free port. Port 0 takes any.",
        HelpName = "ADDRESS:PORT",
    };

    private static readonly Option<string?> Zones = new("--zones")
    {
        Description = "Zone files of your own, *.zone, beside the lab's; read again when they change.",
        HelpName = "FOLDER",
    };

    private static readonly Option<string?> SmartHost = new("--smarthost")
    {
        Description = "How the smart host answers, a line each, as config/lab/smarthost.txt shows.",
        HelpName = "FILE",
    };

    private static readonly Option<bool> Json = new("--json")
    {
        Description = "Prints for programs: a JSON object on each line, the first with all endpoints.",
    };

    static LabCommand()
    {
        Port.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > 65534))
                result.AddError($"--port wants a port from 0 to 65534, not {token.Value}");
        });
        Address.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && Allowed.ParseAddress(token.Value) is null)
                result.AddError($"--address wants an address of this machine, such as 0.0.0.0 or 10.0.0.5, not {token.Value}");
        });
        Dns.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && Allowed.ParseEndpoint(token.Value) is null)
                result.AddError($"--dns wants an address with a port, such as 127.0.0.1:5353, not {token.Value}");
        });
        Zones.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !Directory.Exists(token.Value))
                result.AddError($"--zones wants a folder that exists, not {token.Value}");
        });
        SmartHost.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !File.Exists(token.Value))
                result.AddError($"--smarthost wants a file that exists, not {token.Value}");
        });
    }

    public static Command Create()
    {
        var command = new Command("lab", "Opens a gateway, its DNS and its smart host on this machine, to play with.")
        {
            Folder, Address, Port, Dns, Zones, SmartHost, Json, ScenarioCommand.Scenario,
        };
        // Silence would be taken for consent: who says --json wants JSON.
        command.Validators.Add(static result =>
        {
            if (result.GetResult(ScenarioCommand.Scenario) is null)
                return;
            foreach (var other in new Option[] { Folder, Address, Port, Dns, Zones, SmartHost, Json })
                if (result.GetResult(other) is { Implicit: false })
                    result.AddError($"{other.Name} is about the lab that opens; --scenario opens none");
        });
        command.SetAction(static async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(ScenarioCommand.Scenario) is { } scenario)
                return await ScenarioCommand.RunAsync(scenario, parsed.InvocationConfiguration, cancellationToken);
            var options = new LabOptions
            {
                CaptureFolder = parsed.GetValue(Folder)!,
                Address = parsed.GetValue(Address) is { } address ? IPAddress.Parse(address) : Defaults.Address,
                Port = parsed.GetValue(Port),
                Dns = parsed.GetValue(Dns) is { } dns ? IPEndPoint.Parse(dns) : null,
                ZonesFolder = parsed.GetValue(Zones),
                SmartHostScript = parsed.GetValue(SmartHost),
            };
            var output = parsed.InvocationConfiguration.Output;
            ILabScreen screen = parsed.GetValue(Json) ? new LabLines(output) : new LabScreen(Terminal.Create(output));
            // Not Console.In, whose asynchronous reads block their caller.
            using var input = new StreamReader(ForegroundInput.OfProcess());
            using var closing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var watching = ReferenceEquals(output, Console.Out) ? OutputWatch.CancelWhenUnheardAsync(closing) : Task.CompletedTask;
            await LabHost.RunAsync(options, screen, input, closing.Token);
            await closing.CancelAsync();
            await watching;
            return ExitCode.Fine;
        });
        return command;
    }
}
