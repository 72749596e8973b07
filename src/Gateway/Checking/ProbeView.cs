using System.Net;
using Gateway.Explaining;
using Gateway.Server.Checking;
using Gateway.Smtp;
using Spectre.Console;

namespace Gateway.Checking;

/// <summary>Shows the MX hosts of a domain, and how each of them answered.</summary>
internal static class ProbeView
{
    private const int Indent = 6;

    public static void Write(IAnsiConsole console, ProbeReport report)
    {
        console.WriteLine($"MX hosts of {report.Domain}, tried on port {report.Port}; no message was sent", new Style(decoration: Decoration.Bold));
        foreach (var host in report.Hosts)
            Write(console, report, host);
        foreach (var remark in report.Problems.Concat(report.RemarksOnAll()))
            Bullet(console, remark, 2);
    }

    private static void Write(IAnsiConsole console, ProbeReport report, GreetedHost host)
    {
        var (word, colour) = host.Verdict switch
        {
            ProbeVerdict.TakesMail => ("ok", Color.Green),
            ProbeVerdict.Defers or ProbeVerdict.Unreachable => ("unknown", Color.Yellow),
            _ => ("wrong", Color.Red),
        };
        console.Write("  ");
        console.Write(new Text(word.PadRight(9), colour));
        var preference = host.Host.Preference is { } number ? $", preference {number}" : "";
        ExplainedLines.WriteHanging(
            console, $"{host.Host.Name} [{((IPEndPoint)host.Host.Endpoint).Address}]{preference}: {report.Meaning(host)}", 11, console.Profile.Width - 11, startsLine: false);
        var lines = new List<ExplainedLine>();
        Add("greeting", host.Greeting is { } greeting ? Shown(greeting, lines: 1) : null);
        Add("EHLO", host.Ehlo is { } ehlo ? Shown(ehlo, lines: 1) : null);
        Add("TLS", host.Tls);
        Add("answer", host.Answer is { } answer && answer != host.Greeting ? Shown(answer, lines: 4) : null);
        foreach (var (label, text) in lines.Select(static line => (line.Mark, line.Text)))
        {
            console.Write($"{new string(' ', Indent + 5)}{label,-10}");
            ExplainedLines.WriteHanging(console, text, Indent + 15, console.Profile.Width - Indent - 15, startsLine: false);
        }
        foreach (var remark in ProbeReport.Remarks(host))
            Bullet(console, remark, Indent + 5);

        void Add(string label, string? text)
        {
            if (text is not null)
                lines.Add(new(label, null, "", text));
        }
    }

    private static string Shown(Reply reply, int lines)
    {
        var status = reply.Status is { } code ? $"{code} " : "";
        var text = string.Join(" / ", reply.Lines.Take(lines).Select(ProbeReport.Escaped));
        return $"{reply.Code} {status}{text}{(reply.Lines.Count > lines ? " ..." : "")}";
    }

    private static void Bullet(IAnsiConsole console, string text, int column)
    {
        console.Write($"{new string(' ', column)}- ");
        ExplainedLines.WriteHanging(console, text, column + 2, console.Profile.Width - column - 2, startsLine: false);
    }
}
