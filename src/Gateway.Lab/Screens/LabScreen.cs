using System.Globalization;
using System.Net;
using Gateway.Lab.Hosting;
using Gateway.Server.Inbound;
using Gateway.Smtp;
using Spectre.Console;

namespace Gateway.Lab.Screens;

/// <summary>The lab's output for people. The console decides about colour and frames, because it knows the terminal and NO_COLOR.</summary>
public sealed class LabScreen(IAnsiConsole console) : ILabScreen
{
    private readonly Lock _writing = new();

    /// <summary>Writes the tables first and the examples last, so that the examples are visible without scrolling.</summary>
    public void Welcome(LabPlaces places)
    {
        using var turn = _writing.EnterScope();
        console.MarkupLine("[bold]The lab is open.[/] No mail leaves this machine.");
        console.WriteLine();
        WriteProfiles(places);
        console.WriteLine();
        WriteReceivers(places);
        console.Write(Places(places));
        console.MarkupLine($"All SMTP ports offer STARTTLS. Over TLS, the user [bold]{LabUsers.Name}[/] with the password [bold]{LabUsers.Password}[/] may log in and send to anybody.");
        console.MarkupLine("A client at 127.0.0.1 may send XCLIENT, and so take the address of any other client.");
        console.WriteLine();
        console.Write(Clients());
        console.WriteLine();
        Examples(places);
        console.WriteLine();
        console.MarkupLine("Each connection is shown here when it ends. Type [bold]help[/] for the commands, [bold]profiles[/] or [bold]clients[/] to see these tables again, or [bold]quit[/] (Ctrl-C).");
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
            $"the profile [bold]gmail[/] judges mail to bob@gmail.{LabPlaces.RecipientDomain}, [bold]{LabPlaces.UsualProfile}[/] mail to bob@{LabPlaces.Domain}");
        table.AddRow("SMTP [bold]behind a proxy[/]", places.Proxied.ToString(), $"the profile [bold]{LabPlaces.UsualProfile}[/]; a PROXY header names the client");
        table.AddRow("DNS", places.Dns.ToString(), "answers from the lab's zones, some with faults");
        table.AddRow("Smart host", places.SmartHost.ToString(), Markup.Escape($"writes each accepted message to {Shown(places.Folder)}"));
        return table;
    }

    private void WriteProfiles(LabPlaces places)
    {
        console.MarkupLine($"[bold]The ports of {places.ByRecipient.Address}: one for each of Gateway's own policies[/]");
        Columns(places.Profiles.Where(listener => !listener.IsReceiver));
        console.MarkupLine("[bold]and one for each receiver[/] (\"gateway profiles NAME\" shows what it does)");
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
        console.MarkupLine("[bold]Try these in another window:[/] an accepted message, a refusal at RCPT, a refusal in the greeting.");
        if (OperatingSystem.IsMacOS())
            console.MarkupLine("macOS has only 127.0.0.1. For each other address, type first: [bold]sudo ifconfig lo0 alias 127.0.0.10[/]");
        Plain(Example(places.ByRecipient, 10));
        Plain(Example(places.ByRecipient, 20));
        Plain(Example(places["aol-2006"], 20));
        console.MarkupLine("You can also send as any client, play a conversation file, or play the rejections of an article");
        console.MarkupLine("(in a clone, [bold]dotnet run --project src/Gateway --[/] stands for [bold]gateway[/]):");
        Plain($"  gateway send --to {places.ByRecipient} --client 4.3.2.1 --rcpt bob@{LabPlaces.Domain}");
        if (places.Receivers is [var byDomain, ..])
            Plain($"  gateway send --dns {places.Dns} --port {byDomain.Endpoint.Port} --rcpt user@{byDomain.Receiver.Domain}");
        Plain($"  gateway play FILE --to {places.ByRecipient}");
        Plain("  gateway lab --scenario kb300171");
    }

    // Linux distributions, macOS and Windows include curl. -F makes a message without a file, and the path is the EHLO name.
    private static string Example(IPEndPoint listener, int client) =>
        $"  curl -v smtp://{listener}/client.good.lab.test --interface 127.0.0.{client} --mail-from ann@good.lab.test --mail-rcpt bob@gateway.test -F =hello";

    /// <summary>Writes one connection: time, client, profile and result.</summary>
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
    /// The most severe refusal, or the reply to the message, which contains the name of the captured file.
    /// </summary>
    private static (string Fate, string Colour, string Words) Fate(SessionRecord session)
    {
        // 421 because of a stop or a timeout is not a verdict.
        var isCutOff = session.End is SessionEnd.Stopping or SessionEnd.TimedOut;
        var refusals = session.Refusals.Where(refusal => !(isCutOff && refusal.Reply.Code == 421)).ToLookup(
            refusal => refusal.Verb is Verb.Data or Verb.Bdat, refusal => refusal.Reply);
        // 554 to DATA only repeats that every recipient was refused. If nothing else was refused, it is about the message: too large, or a bare LF.
        var refusal = refusals[false]
            .Concat(session.Transactions.Select(transaction => transaction.Fate?.Reply).OfType<Reply>().Where(reply => !reply.IsPositive))
            .MaxBy(reply => reply.Code) ?? refusals[true].MaxBy(reply => reply.Code);
        var taken = session.Transactions.LastOrDefault(transaction => transaction.Fate is { Reply.IsPositive: true })?.Fate?.Reply;
        return (refusal, taken) switch
        {
            (null, null) => ("no mail", "grey", $"the client sent no mail; the session ended with {session.End}"),
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

    public void NotShown(long count) => Said($"{count} connections are not shown, because they came too fast");

    public void Said(string line)
    {
        using var turn = _writing.EnterScope();
        Plain(line);
    }

    public void Farewell(LabPlaces places, int captured) =>
        Said(captured == 0 ? "The lab is closed." : $"The lab is closed. Messages captured in {Shown(places.Folder)}: {captured}");

    private static string Shown(string folder)
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, folder);
        return (relative.StartsWith("..", StringComparison.Ordinal) ? folder : relative) + Path.DirectorySeparatorChar;
    }

    // Not wrapped, so that a person can copy the line, and a program can read it.
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
