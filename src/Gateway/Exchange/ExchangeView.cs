using Gateway.Explaining;
using Gateway.Lab.Exchange;
using Spectre.Console;

namespace Gateway.Exchange;

/// <summary>Shows a failed delivery as the sender and the administrator of the sending Exchange 2003 see it.</summary>
internal static class ExchangeView
{
    private const string Title = "What Exchange 2003 would have reported";

    /// <param name="console">The output.</param>
    /// <param name="attempt">The failed delivery.</param>
    /// <param name="width">The line width; without a limit, each text stays on one line, for grep and diff.</param>
    public static void Write(IAnsiConsole console, DeliveryAttempt attempt, int width)
    {
        console.WriteLine(Title, new Style(decoration: Decoration.Bold));
        // Not written through the console, which would break long lines again.
        foreach (var line in Lines(attempt, width))
            console.Profile.Out.Writer.WriteLine(line);
        console.Profile.Out.Writer.Flush();
    }

    public static IEnumerable<string> Lines(DeliveryAttempt attempt, int width)
    {
        var report = ExchangeReporter.Of(attempt);
        return Texts(attempt, report).SelectMany(text => Broken(text, width));
    }

    private static IEnumerable<string> Texts(DeliveryAttempt attempt, ExchangeReport report)
    {
        if (attempt.Sender.Length == 0)
            yield return "  The message is itself a bounce, so nobody gets an NDR for it.";
        foreach (var line in Ndr("gets", report.Report).Concat(Ndr("gets, if the message expires in the queue,", report.Expired)))
            yield return line;

        yield return $"  The application log of {attempt.Server} shows the administrator:";
        foreach (var entry in report.Events.Where(static entry => entry.Description is not null))
        {
            yield return "";
            foreach (var line in Entry(entry))
                yield return line;
        }
        if (report.Events.Where(static entry => entry.Description is null).ToList() is [{ Origin: var origin }, ..] named)
        {
            yield return "";
            yield return $"    Event Source: {EventEntry.Source}";
            yield return $"    Event ID: {string.Join(", ", named.Select(static entry => entry.Id))}";
            yield return $"    ({origin} names these events, but not their text)";
        }
        yield return "";

        foreach (var line in List("  The last lines of a network trace (Network Monitor), as in KB300171:", report.Trace, ""))
            yield return line;
        foreach (var line in List("  KB895853 names these causes:", report.Causes.Select(Cause), "- "))
            yield return line;
        foreach (var line in List("  Notes:", report.Notes, "- "))
            yield return line;
    }

    private static IEnumerable<string> Ndr(string reads, NonDeliveryReport? report)
    {
        if (report is null)
            yield break;
        yield return $"  {report.To} {reads} this non-delivery report (NDR):";
        yield return "";
        foreach (var line in report.Lines)
            yield return line.Length == 0 ? "" : $"    {line}";
        yield return "";
        yield return $"    ({string.Join("; ", report.Origins)})";
        yield return "";
    }

    private static IEnumerable<string> Entry(EventEntry entry)
    {
        yield return $"    Event Type: {entry.Type}";
        yield return $"    Event Source: {EventEntry.Source}";
        if (entry.Category is { } category)
            yield return $"    Event Category: {category}";
        yield return $"    Event ID: {entry.Id}";
        yield return $"    Description: {entry.Description}";
        yield return $"    ({entry.Origin})";
    }

    private static string Cause(RelayCause cause) =>
        $"scenario {cause.Scenario}, NDR {cause.Codes}{(cause.Events.Count > 0 ? $", events {string.Join(", ", cause.Events)}" : "")}: {cause.Cause}";

    private static IEnumerable<string> List(string heading, IEnumerable<string> texts, string mark)
    {
        var any = false;
        foreach (var text in texts)
        {
            if (!any)
                yield return heading;
            any = true;
            yield return $"    {mark}{text}";
        }
        if (any)
            yield return "";
    }

    // The continuation of a line is indented to the beginning of its text, after the mark of a list.
    private static IEnumerable<string> Broken(string text, int width)
    {
        var indent = text.Length - text.TrimStart(' ').Length;
        var hang = text.AsSpan(indent).StartsWith("- ") ? indent + 2 : indent;
        if (text.Length <= width)
            return [text];
        return ExplainedLines.Wrapped(text[hang..], Math.Max(width - hang, 24))
            .Select((line, at) => (at == 0 ? text[..hang] : new string(' ', hang)) + line);
    }
}
