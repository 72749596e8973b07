using System.Globalization;
using System.Net;
using Gateway.Lab.Hosting;
using Gateway.Server.Inbound;
using Gateway.Smtp;
using Spectre.Console;

namespace Gateway.Lab.Screens;

/// <summary>What the lab prints for people. Colour and frames are the console's business: it knows whether it is a terminal, and NO_COLOR.</summary>
public sealed class LabScreen(IAnsiConsole console) : ILabScreen
{
    private readonly Lock _writing = new();

    /// <summary>What is looked up comes first, what is to be done next comes last: there it is read without scrolling.</summary>
    public void Welcome(LabPlaces places)
    {
        using var turn = _writing.EnterScope();
        console.MarkupLine("[bold]The lab is open.[/] Nothing leaves this machine.");
        console.WriteLine();
        WriteProfiles(places);
        console.WriteLine();
        WriteReceivers(places);
        console.Write(Places(places));
        console.MarkupLine($"All SMTP ports know STARTTLS, and over it the user [bold]{LabUsers.Name}[/], password [bold]{LabUsers.Password}[/], who may relay.");
        console.MarkupLine("Who connects from 127.0.0.1 may say XCLIENT, and so be any client at any time.");
        console.WriteLine();
        console.Write(Clients());
        console.WriteLine();
        Examples(places);
        console.WriteLine();
        console.MarkupLine("Connections are shown here as they end. Type [bold]help[/], [bold]profiles[/] (the ports again), [bold]clients[/] (the table again), or [bold]quit[/] (Ctrl-C).");
        console.WriteLine();
    }

    public void Profiles(LabPlaces places)
    {
        using var turn = _writing.EnterScope();
        WriteProfiles(places);
        console.WriteLine();
        WriteReceivers(places);
    }

    public void ClientKinds()
    {
        using var turn = _writing.EnterScope();
        console.Write(Clients());
    }

    private Table Places(LabPlaces places)
    {
        var table = Framed("What", "Where", "What it does");
        table.AddRow("SMTP [bold]by recipient[/]", places.ByRecipient.ToString(),
            $"bob@gmail.{LabPlaces.RecipientDomain} is judged as by [bold]gmail[/], bob@{LabPlaces.Domain} by [bold]{LabPlaces.UsualProfile}[/]");
        table.AddRow("SMTP [bold]behind a proxy[/]", places.Proxied.ToString(), $"[bold]{LabPlaces.UsualProfile}[/], for any client that a PROXY header names");
        table.AddRow("DNS", places.Dns.ToString(), "serves the lab's zones, some of which misbehave");
        table.AddRow("Smart host", places.SmartHost.ToString(), Markup.Escape($"takes what was accepted into {Shown(places.Folder)}"));
        return table;
    }

    private void WriteProfiles(LabPlaces places)
    {
        console.MarkupLine($"[bold]A port of {places.ByRecipient.Address} for each policy of ours[/]");
        Columns(places.Profiles.Where(listener => !listener.IsReceiver));
        console.MarkupLine("[bold]and for each receiver[/] (gateway profiles NAME tells more)");
        Columns(places.Profiles.Where(listener => listener.IsReceiver));
    }

    private void WriteReceivers(LabPlaces places)
    {
        if (places.Receivers.Count == 0)
            return;
        console.MarkupLine("[bold]The receivers of the articles, by domain[/] (the lab's DNS has their MX records)");
        foreach (var (receiver, endpoint) in places.Receivers)
            Plain($"  {receiver.Domain,-22} {endpoint,-15} {receiver.Profile}");
        console.WriteLine();
    }

    private void Columns(IEnumerable<LabListener> listeners)
    {
        const string indent = "  ";
        foreach (var line in LabColumns.Lay(LabColumns.Entries(listeners), console.Profile.Width - indent.Length))
            Plain(indent + line);
    }

    private Table Clients()
    {
        var table = Framed("Send from", "A client whose reverse DNS is", "standard", "aol-2006");
        foreach (var client in LabClient.Shown)
            table.AddRow(client.Address.ToString(), client.Kind, Coloured(client.Standard), Coloured(client.Aol));
        return table;
    }

    private static string Coloured(string answer) => answer switch
    {
        LabClient.Accepted => $"[green]{answer}[/]",
        ['4', ..] => $"[yellow]{answer}[/]",
        _ => $"[red]{answer}[/]",
    };

    private void Examples(LabPlaces places)
    {
        console.MarkupLine("[bold]Try[/], in another window: an accepted message, a refusal at RCPT, a refusal in the greeting.");
        if (OperatingSystem.IsMacOS())
            console.MarkupLine("macOS knows 127.0.0.1 only; for each other address first: [bold]sudo ifconfig lo0 alias 127.0.0.10[/]");
        Plain(Example(places.ByRecipient, 10));
        Plain(Example(places.ByRecipient, 20));
        Plain(Example(places["aol-2006"], 20));
        console.MarkupLine("Or be any client in the world, play a conversation file, walk through an article");
        console.MarkupLine("(in a clone, [bold]dotnet run --project src/Gateway --[/] stands for [bold]gateway[/]):");
        Plain($"  gateway send --to {places.ByRecipient} --client 4.3.2.1 --rcpt bob@{LabPlaces.Domain}");
        if (places.Receivers is [var byDomain, ..])
            Plain($"  gateway send --dns {places.Dns} --port {byDomain.Endpoint.Port} --rcpt user@{byDomain.Receiver.Domain}");
        Plain($"  gateway play FILE --to {places.ByRecipient}");
        Plain("  gateway lab --scenario kb300171");
    }

    // curl comes with Linux distributions, macOS and Windows; -F makes a message without a file, and the path is the name in EHLO.
    private static string Example(IPEndPoint listener, int client) =>
        $"  curl -v smtp://{listener}/client.good.lab.test --interface 127.0.0.{client} --mail-from ann@good.lab.test --mail-rcpt bob@gateway.test -F =hello";

    /// <summary>One connection: when, who, at which profile, what became of it.</summary>
    public void Session(SessionRecord session)
    {
        var (fate, colour, words) = Fate(session);
        using var turn = _writing.EnterScope();
        var time = (session.Started + session.Elapsed).ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        var start = $"{time}  {session.Client.Address,-15}  {session.Profile,-10}  ";
        console.Markup($"{Markup.Escape(start)}[{colour}]{fate,-8}[/]  ");
        Plain(words);
    }

    /// <summary>
    /// The refusal that says most, or the reply to the message: with it goes the captured file's name.
    /// </summary>
    private static (string Fate, string Colour, string Words) Fate(SessionRecord session)
    {
        // 421 at a stop or to a sleeper is no judgement.
        var isCutOff = session.End is SessionEnd.Stopping or SessionEnd.TimedOut;
        var refusals = session.Refusals.Where(refusal => !(isCutOff && refusal.Reply.Code == 421)).ToLookup(
            refusal => refusal.Verb is Verb.Data or Verb.Bdat, refusal => refusal.Reply);
        // 554 to DATA only repeats that every recipient was refused; where nothing else was, it is about the message: too large, a bare LF.
        var refusal = refusals[false]
            .Concat(session.Transactions.Select(transaction => transaction.Fate?.Reply).OfType<Reply>().Where(reply => !reply.IsPositive))
            .MaxBy(reply => reply.Code) ?? refusals[true].MaxBy(reply => reply.Code);
        var taken = session.Transactions.LastOrDefault(transaction => transaction.Fate is { Reply.IsPositive: true })?.Fate?.Reply;
        return (refusal, taken) switch
        {
            (null, null) => ("no mail", "grey", $"the session ended: {session.End}"),
            (null, _) => ("accepted", "green", $"{taken}{Noted(session)}"),
            _ when session.Transactions.Any(transaction => transaction.Fate is { IsInDoubt: true } fate && fate.Reply == refusal) => ("in doubt", "yellow", refusal.ToString()),
            ({ IsTransient: true }, _) => ("deferred", "yellow", refusal.ToString()),
            _ => ("refused", "red", refusal.ToString()),
        };
    }

    private static string Noted(SessionRecord session)
    {
        var noted = session.Verdict?.Findings.Where(finding => finding.WouldHaveRefused).Select(finding => finding.Check).ToList();
        return noted is { Count: > 0 } ? $"; {string.Join(", ", noted)} would have refused" : "";
    }

    public void NotShown(long count) => Said($"{count} connections were too quick to be shown");

    public void Said(string line)
    {
        using var turn = _writing.EnterScope();
        Plain(line);
    }

    public void Farewell(LabPlaces places, int captured) =>
        Said(captured == 0 ? "The lab is closed." : $"The lab is closed. {captured} captured: {Shown(places.Folder)}");

    private static string Shown(string folder)
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, folder);
        return (relative.StartsWith("..", StringComparison.Ordinal) ? folder : relative) + Path.DirectorySeparatorChar;
    }

    // A line to copy, or to be read by another program, is never broken by us.
    private void Plain(string line)
    {
        console.Profile.Out.Writer.WriteLine(line);
        console.Profile.Out.Writer.Flush();
    }

    private Table Framed(params string[] headings)
    {
        var table = new Table().Border(console.Profile.Out.IsTerminal ? TableBorder.Rounded : TableBorder.Ascii2);
        foreach (var heading in headings)
            table.AddColumn(heading);
        return table;
    }
}
