using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Exchange;
using Gateway.Lab.Exchange;
using Gateway.Lab.Screens;
using Gateway.Lab.Talking;
using Gateway.Server.Checking;
using Gateway.Server.Inbound;
using Gateway.Smtp;
using Spectre.Console;

namespace Gateway.Sending;

/// <summary>Reports the result of a send: as a sentence, as JSON, and as an exit code.</summary>
internal static partial class SendView
{
    public static void Write(IAnsiConsole console, SendReport report)
    {
        if (report.Recipients.Count > 1)
            foreach (var recipient in report.Recipients)
                Line(console, $"  {recipient.Recipient}: {Fate(report, recipient).Word}, {Fate(report, recipient).Reply}", null);
        Line(console, Sentence(report), report.Verdict switch
        {
            SendVerdict.Accepted => Color.Green,
            SendVerdict.Refused => Color.Red,
            _ => Color.Yellow,
        });
        if (report.Verdict != SendVerdict.Accepted && SessionOf(report.Reply) is { } id)
            Line(console, $"To see why, type \"gateway explain {id}\" on the machine of that gateway.", null);
    }

    /// <param name="output">The output.</param>
    /// <param name="report">The result.</param>
    /// <param name="failed">The delivery that Exchange 2003 would report; null without --as, or if it would report nothing.</param>
    public static void WriteJson(TextWriter output, SendReport report, DeliveryAttempt? failed) => JsonLine.Write(output, new
    {
        Verdict = Word(report.Verdict),
        report.Stage,
        report.Reply?.Code,
        Reply = report.Reply?.ToString(),
        report.Problem,
        Recipients = report.Recipients.Select(recipient => new
        {
            Recipient = recipient.Recipient.ToString(),
            Verdict = Fate(report, recipient).Word,
            Reply = Fate(report, recipient).Reply.ToString(),
        }),
        report.Tls,
        Session = SessionOf(report.Reply),
        Exchange2003 = failed is null ? null : ExchangeJson.Of(failed),
        ExitCode = ExitCodeOf(report),
    });

    public static int ExitCodeOf(SendReport report) => report.Verdict switch
    {
        SendVerdict.Accepted => ExitCode.Fine,
        SendVerdict.Refused => ExitCode.No,
        _ => ExitCode.CouldNotSay,
    };

    public static string Sentence(SendReport report)
    {
        var taken = report.Message is { IsPositive: true } ? report.Recipients.Count(static recipient => recipient.Verdict == SendVerdict.Accepted) : 0;
        var partly = taken > 0 && report.Verdict != SendVerdict.Accepted
            ? string.Create(CultureInfo.InvariantCulture, $"accepted for {taken} of {report.Recipients.Count}; ") : "";
        return partly + report.Verdict switch
        {
            SendVerdict.Accepted => $"accepted: {report.Reply}",
            SendVerdict.Unknown => $"no result ({report.Stage}): {report.Problem}",
            var verdict => $"{Word(verdict)} at {report.Stage} with {report.Reply}",
        };
    }

    // The reply to the message decides about each accepted recipient.
    private static (string Word, Reply Reply) Fate(SendReport report, RecipientReport recipient) =>
        recipient.Verdict == SendVerdict.Accepted && report.Message is { } reply ? (Word(SendReport.VerdictOf(reply)), reply)
        : recipient.Verdict == SendVerdict.Accepted ? ("accepted at RCPT only", recipient.Reply)
        : (Word(recipient.Verdict), recipient.Reply);

    private static string Word(SendVerdict verdict) => verdict switch
    {
        SendVerdict.Accepted => "accepted",
        SendVerdict.Refused => "refused",
        SendVerdict.Deferred => "deferred",
        _ => "unknown",
    };

    private static string? SessionOf(Reply? reply) =>
        reply is not null && SessionPattern().Match(string.Join(' ', reply.Lines)) is { Success: true } found ? SessionIds.Read(found.Value) : null;

    private static void Line(IAnsiConsole console, string text, Color? colour)
    {
        if (console.Profile.Out.IsTerminal)
            console.Write(new Text(text + Environment.NewLine, colour));
        else
            console.Profile.Out.Writer.WriteLine(text);
    }

    [GeneratedRegex(@"\bid=[0-9A-HJKMNP-TV-Z]{13}\b")]
    private static partial Regex SessionPattern();
}
