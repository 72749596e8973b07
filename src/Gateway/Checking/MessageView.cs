using System.Globalization;
using Gateway.Explaining;
using Gateway.Policy.Advising;
using Gateway.Server.Checking;
using Spectre.Console;

namespace Gateway.Checking;

/// <summary>Shows the header of a message: its path, its authentication results, and which server to check.</summary>
internal static class MessageView
{
    public static void Write(IAnsiConsole console, MessageFacts message)
    {
        ExplainedLines.Write(console, [.. message.Fields.Select(static field => new ExplainedLine(field.Name, null, "", field.Value))]);
        Heading(console, "The path of the message, oldest server first");
        Way(console, message);
        Heading(console, "Authentication results that servers added");
        ExplainedLines.Write(console, message.Results.Count == 0
            ? [new("-", null, "", "no server added a result")]
            : [.. message.Results.Select(static result => new ExplainedLine(result.Result, ColourOf(result.Result), result.Method, $"{result.Detail} (by {result.Server})".TrimStart()))]);
        if (message.Signatures.Count > 0)
        {
            Heading(console, "DKIM signatures (not verified here)");
            ExplainedLines.Write(console, [.. message.Signatures.Select(static signature =>
                new ExplainedLine("-", null, "", $"by {signature.Domain ?? "?"}, with the key {signature.Selector ?? "?"}._domainkey.{signature.Domain ?? "?"}"))]);
        }
        Heading(console, "Advice");
        foreach (var advice in Advice(message))
        {
            console.Write("  - ");
            ExplainedLines.WriteHanging(console, advice, 4, console.Profile.Width - 4, startsLine: false);
        }
        if (message.Command() is { } command)
            console.Profile.Out.Writer.WriteLine($"      {command}");
    }

    private static IEnumerable<string> Advice(MessageFacts message)
    {
        yield return "Trust only the fields that your own servers added: a sender can forge all fields below the first one of theirs.";
        yield return message.Command() is null
            ? "No server in the header has a public address, so there is no address to check."
            : "This server handed the message over. Check which receivers would refuse it:";
    }

    private static void Way(IAnsiConsole console, MessageFacts message)
    {
        if (message.Hops.Count == 0)
            console.WriteLine("  The message has no Received field.");
        DateTimeOffset? before = null;
        foreach (var (hop, number) in message.Hops.Select(static (hop, at) => (hop, at + 1)))
        {
            console.Write(string.Create(CultureInfo.InvariantCulture, $"  {number,2}  "));
            ExplainedLines.WriteHanging(console, Words(hop, before), 6, console.Profile.Width - 6, startsLine: false);
            before = hop.Date ?? before;
        }
    }

    private static string Words(ReceivedHop hop, DateTimeOffset? before)
    {
        var client = hop.From ?? "an unnamed client";
        if (hop.ClientName is { } name && !name.Equals(hop.From, StringComparison.OrdinalIgnoreCase))
            client += $" with the name {name}";
        if (hop.Address is { } address)
            client += PublicAddress.WhyNot(address) is null ? $" [{address}]" : $" [{address}, private]";
        var with = hop.With is { } protocol ? $" with {protocol}" : "";
        return $"{hop.By ?? "an unnamed server"} received it from {client}{with}, {When(hop.Date, before)}";
    }

    private static string When(DateTimeOffset? date, DateTimeOffset? before) => (date, before) switch
    {
        (null, _) => "no date",
        ({ } at, { } earlier) when at < earlier => string.Create(CultureInfo.InvariantCulture, $"{(earlier - at).TotalSeconds:0} s before the previous date, so one of the clocks is wrong"),
        ({ } at, { } earlier) => string.Create(CultureInfo.InvariantCulture, $"{(at - earlier).TotalSeconds:0} s later"),
        ({ } at, _) => at.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture),
    };

    private static Color? ColourOf(string result) => result switch
    {
        "pass" => Color.Green,
        "fail" or "softfail" or "permerror" => Color.Red,
        "temperror" => Color.Yellow,
        _ => null,
    };

    private static void Heading(IAnsiConsole console, string text)
    {
        console.WriteLine();
        console.WriteLine(text, new Style(decoration: Decoration.Bold));
    }
}
