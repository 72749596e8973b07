using System.CommandLine;
using Gateway.Checking;
using Gateway.Sending;
using Gateway.Server.Checking;
using Spectre.Console;
using static Gateway.Checking.CheckOptions;

namespace Gateway.Commands;

/// <summary><c>gateway check</c>: which receivers would refuse mail from an address, in which words, and what to publish.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var command = new Command("check", "Check which receivers would refuse mail from an address, why, and what to publish.")
        {
            Subjects, SubjectsFrom, HeloName, From, To, Profiles, Era, DnsServers, Assume, Lists, MoreLists, Probe, Port, Message, Details, AsJson,
            Config, GatewayCommand.Settings,
        };
        command.Validators.Add(static result =>
        {
            bool Has(Option option) => result.GetResult(option) is { Implicit: false };
            var hasSubject = result.GetResult(Subjects) is { Tokens.Count: > 0 } || Has(SubjectsFrom);
            if (Has(Era) && Has(Profiles))
                result.AddError("--era and --profile exclude each other: both choose the receivers, so type only one of them");
            if (Has(Port) && !Has(Probe))
                result.AddError("--port needs --probe: it is the port on which --probe connects");
            if (Has(Message) && (hasSubject || Has(Probe)))
                result.AddError("--message cannot be combined with an address, --file or --probe: it shows which address to check, and you check that one with a second command");
            else if (!hasSubject && !Has(Message) && !(Has(Probe) && Has(From)))
                result.AddError(Has(Probe)
                    ? "--probe needs a domain, whose MX hosts it connects to: type the domain in place of the address, or --from user@example.com"
                    : $"the address is missing: after \"gateway check\", type {CheckArguments.AddressWanted}");
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var streams = parsed.InvocationConfiguration;
        if (parsed.GetValue(Message) is { } file)
            return await MessageReading.RunAsync(file.ToString(), parsed.GetValue(AsJson), streams.Output, streams.Error, cancellationToken);
        var (request, mistakes) = CheckRequestReader.Read(parsed);
        if (request is null)
            return await WrongUseAsync(streams, mistakes);
        var time = TimeProvider.System;
        var resolver = SenderCheck.ResolverOf(request, time);
        var check = new SenderCheck(request, resolver, time);
        var found = await check.FindAsync(cancellationToken);
        if (found.Missing.Count > 0)
            return await WrongUseAsync(streams, found.Missing);
        foreach (var problem in found.Unanswered)
            await streams.Error.WriteLineAsync($"gateway: {problem}");
        if (found.Unanswered.Count > 0)
            return ExitCode.CouldNotSay;

        var reports = check.RunAsync(found.Addresses, cancellationToken);
        var probing = request.ProbeDomain is { } domain
            ? ProbeReport.MakeAsync(resolver, domain, request.ProbePort, SendArguments.DefaultHelo(null, null), time, cancellationToken)
            : null;
        if (parsed.GetValue(AsJson))
            return await ReportJson.WriteAsync(streams.Output, request, reports, probing is null ? null : await probing, cancellationToken);
        var console = Terminal.Create(streams.Output);
        var code = found.Addresses.Count switch
        {
            0 => ExitCode.Fine,
            1 => (await new ReportView(console, request, parsed.GetValue(Details)).WriteAsync(reports)).ExitCode,
            var count => await SummaryView.WriteAsync(console, count, reports),
        };
        if (probing is null)
            return code;
        if (found.Addresses.Count > 0)
            console.WriteLine();
        var probe = await probing;
        ProbeView.Write(console, probe);
        return CheckReport.Worse(code, probe.ExitCode);
    }

    private static async Task<int> WrongUseAsync(InvocationConfiguration streams, IReadOnlyList<string> mistakes)
    {
        foreach (var mistake in mistakes)
            await streams.Error.WriteLineAsync($"gateway: {mistake}");
        await streams.Error.WriteLineAsync("Type \"gateway check --help\" for more.");
        return ExitCode.WrongUse;
    }
}
