using System.CommandLine;
using System.Globalization;
using System.Net;
using Gateway.Lab.Hosting;
using Gateway.Lab.Screens;
using Gateway.Playing;
using Gateway.Server.Checking;
using Gateway.Server.Configuration;

namespace Gateway.Commands;

/// <summary><c>gateway lab</c>: a test gateway with its own DNS server and smart host.</summary>
internal static class LabCommand
{
    private static readonly LabOptions Defaults = new();

    private static readonly Option<string> Folder = new("--folder")
    {
        Description = "Write the messages that the smart host gets to this folder.",
        HelpName = "FOLDER",
        DefaultValueFactory = _ => Defaults.CaptureFolder,
    };

    private static readonly Option<string?> Address = new("--address")
    {
        Description = $"The address on which the SMTP listeners listen. Use 0.0.0.0 to let other machines connect. [default: {Defaults.Address}]",
        HelpName = "ADDRESS",
    };

    private static readonly Option<int> Port = new("--port")
    {
        Description = "The first listener's port; the other listeners use the ports after it. A port in use is replaced by a free one; 0 picks free ports for all.",
        HelpName = "PORT",
        DefaultValueFactory = _ => Defaults.Port,
    };

    private static readonly Option<string?> Dns = new("--dns")
    {
        Description = $"The address and port of the lab's DNS server, which other programs can ask too. Port 0 picks a free port. [default: {LabOptions.UsualDns}, or a free port if it is in use]",
        HelpName = "ADDRESS:PORT",
    };

    private static readonly Option<string?> Zones = new("--zones")
    {
        Description = "Serve the zone files (*.zone) in this folder too. A file that changes is read again.",
        HelpName = "FOLDER",
    };

    private static readonly Option<string?> SmartHost = new("--smarthost")
    {
        Description = "Read from this file how the smart host answers. docs/lab.md describes the file. [default: config/lab/smarthost.txt, which is built in]",
        HelpName = "FILE",
    };

    private static readonly Option<bool> Json = new("--json")
    {
        Description = "Print JSON for other programs, one object on each line. The first object names all endpoints.",
    };

    static LabCommand()
    {
        Port.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > 65534))
                result.AddError($"--port \"{token.Value}\" is not a port: type a number from 0 to 65534, such as 2525");
        });
        Address.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && Allowed.ParseAddress(token.Value) is null)
                result.AddError($"--address \"{token.Value}\" is not an IP address: type an address of this machine, such as 0.0.0.0 or 10.0.0.5");
        });
        Dns.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && Allowed.ParseEndpoint(token.Value) is null)
                result.AddError($"--dns \"{token.Value}\" is not an address with a port: type one such as 127.0.0.1:5353");
        });
        Zones.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !Directory.Exists(token.Value))
                result.AddError($"--zones \"{token.Value}\" does not exist, or is not a folder: type the path of a folder with zone files");
        });
        SmartHost.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !File.Exists(token.Value))
                result.AddError($"--smarthost \"{token.Value}\" does not exist: type the path of a file that says how the smart host answers");
        });
    }

    public static Command Create()
    {
        var command = new Command("lab", "Start a test gateway with its own DNS server and smart host on this machine.")
        {
            Folder, Address, Port, Dns, Zones, SmartHost, Json, ScenarioCommand.Scenario,
        };
        // An option that has no effect must not be accepted silently.
        command.Validators.Add(static result =>
        {
            if (result.GetResult(ScenarioCommand.Scenario) is null)
                return;
            foreach (var other in new Option[] { Folder, Address, Port, Dns, Zones, SmartHost, Json })
                if (result.GetResult(other) is { Implicit: false })
                    result.AddError($"{other.Name} and --scenario exclude each other: --scenario does not start the lab, so leave {other.Name} out");
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
