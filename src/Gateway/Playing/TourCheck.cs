using Gateway.Checking;
using Gateway.Dns;
using Gateway.Explaining;
using Gateway.Lab.Dns;
using Gateway.Lab.Scenarios;
using Gateway.Server.Checking;
using Gateway.Server.Configuration;
using Gateway.Smtp;
using Spectre.Console;

namespace Gateway.Playing;

/// <summary>Shows the report of <c>gateway check</c> on an address of the lab, with the code of that command.</summary>
internal static class TourCheck
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(8);
    private static readonly ForwardPath Recipient = new(new("user", "destinationdomain.com"));
    private static readonly ReceiverChoice Everybody = ReceiverChoice.Named([.. ProfileLibrary.Load(folder: null).Profiles]);

    public static async Task WriteAsync(IAnsiConsole console, ScenarioItem.Check check, CancellationToken cancellationToken)
    {
        console.WriteLine($"gateway check {check.Address} --from {check.Sender.Mailbox} --profile all", new Style(decoration: Decoration.Bold));
        foreach (var line in ExplainedLines.Wrapped($"In the lab's DNS{(check.Fault is { } fault ? $", while {fault.Name} answers {fault.Fault}" : "")}. Shortened: without queries, findings and replies.", Math.Max(console.Profile.Width - 2, 40)))
            console.WriteLine($"  {line}", Color.Grey);
        console.WriteLine();
        var (zones, faults) = LabZones.Load([]);
        check.Fault?.ApplyTo(faults);
        var request = new CheckRequest
        {
            Subjects = [],
            From = check.Sender,
            To = Recipient,
            Receivers = Everybody,
            Servers = [],
            Deadline = Deadline,
        };
        var time = TimeProvider.System;
        await foreach (var report in new SenderCheck(request, new ZoneResolver(zones, faults, time), time).RunAsync([new(check.Address, null)], cancellationToken))
            new ReportView(console, request, isDetailed: false).WriteShort(report);
        console.WriteLine();
    }
}
