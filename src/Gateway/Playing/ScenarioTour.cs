using Gateway.Exchange;
using Gateway.Explaining;
using Gateway.Lab.Conversations;
using Gateway.Lab.Scenarios;
using Gateway.Policy.Advising;
using Gateway.Server.Checking;
using Spectre.Console;

namespace Gateway.Playing;

/// <summary>Shows the rows of a scenario one by one, as a teacher would: the situation, the conversations, their meaning, and the solution.</summary>
/// <param name="console">The output.</param>
/// <param name="wait">Waits for the reader between two rows, and returns false to stop. Null if there is no terminal.</param>
internal sealed class ScenarioTour(IAnsiConsole console, Func<CancellationToken, Task<bool>>? wait)
{
    // In memory, no answer takes this long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly Dictionary<ScenarioTopic, string> Headings = new()
    {
        [ScenarioTopic.Who] = "The servers and domains",
        [ScenarioTopic.Seen] = "What you will see",
        [ScenarioTopic.Administrator] = "What the sender's administrator saw",
        [ScenarioTopic.Cure] = "The solution",
    };

    /// <exception cref="ConversationFormatException">The scenario has mistakes.</exception>
    public async Task<int> RunAsync(string name, CancellationToken cancellationToken)
    {
        using var folder = ScenarioFolder.Unpack(name);
        var scenario = folder.Read();
        var view = new TourView(console, folder.Path);
        var runner = new ConversationRunner(view, Patience);
        Introduce(scenario);
        foreach (var row in scenario.Rows)
        {
            if (wait is not null && !await ContinueAsync(row, cancellationToken))
                break;
            await WalkAsync(row, folder.Path, runner, view, cancellationToken);
        }
        runner.Sum();
        return runner.IsFaithful ? ExitCode.Fine : ExitCode.No;
    }

    private void Introduce(Scenario scenario)
    {
        Bold(scenario.Title);
        console.WriteLine();
        foreach (var paragraph in scenario.Introduction)
            Paragraph(paragraph, 0);
    }

    private async Task<bool> ContinueAsync(ScenarioRow next, CancellationToken cancellationToken)
    {
        console.Write(new Text($"Next is row {next.Number}. Press Enter to go on, or q and Enter to end: ", Color.Grey));
        var goesOn = await wait!(cancellationToken);
        console.WriteLine();
        return goesOn;
    }

    private async Task WalkAsync(ScenarioRow row, string folder, ConversationRunner runner, TourView view, CancellationToken cancellationToken)
    {
        console.WriteLine(new string('-', Math.Min(console.Profile.Width, 80)), Color.Grey);
        Bold($"Row {row.Number}. {row.Title}");
        console.WriteLine();
        var remedies = new List<Remedy>();
        var played = new Dictionary<string, Performance>();
        ScenarioTopic? topic = ScenarioTopic.Situation;
        foreach (var item in row.Items)
            if (item is ScenarioItem.Tell tell)
            {
                // The empty line comes after the list, not after each item.
                if (topic == ScenarioTopic.Who && tell.Topic != topic)
                    console.WriteLine();
                Tell(tell, isNew: tell.Topic != topic);
                topic = tell.Topic;
                if (topic == ScenarioTopic.Cure)
                    Publish(remedies);
            }
            else if (item is ScenarioItem.Play play)
            {
                topic = null;
                view.IsBrief = play.IsBrief;
                // A conversation that is shown in short gives the same advice as the one before.
                played[play.File] = await PlayAsync(Path.Combine(folder, play.File), runner, play.IsBrief ? [] : remedies, cancellationToken);
            }
            else if (item is ScenarioItem.Exchange told)
            {
                topic = null;
                foreach (var attempt in played[told.File].Attempts(told.Sender, told.Recipient))
                    ExchangeView.Write(console, attempt, console.Profile.Width);
            }
            else if (item is ScenarioItem.Check check)
            {
                topic = null;
                await TourCheck.WriteAsync(console, check, cancellationToken);
            }
    }

    private static async Task<Performance> PlayAsync(string file, ConversationRunner runner, List<Remedy> remedies, CancellationToken cancellationToken)
    {
        var conversation = ConversationReader.Read(file);
        await using var scene = ConversationRunner.Stage(conversation);
        // In memory, the connection always succeeds.
        var performance = (await runner.PlayAsync(conversation, scene, cancellationToken))!;
        // A client that was refused before EHLO is too little known for advice, and a user needs no reverse DNS.
        foreach (var session in scene.Records.Where(static session => session is { FirstRefusal: not null, Transactions.Count: > 0, User: null }))
            if (await scene.AdviseAsync(session, cancellationToken) is { } remedy)
                remedies.Add(remedy);
        return performance;
    }

    private void Tell(ScenarioItem.Tell tell, bool isNew)
    {
        if (isNew && Headings.TryGetValue(tell.Topic, out var heading))
            Bold(heading);
        if (tell.Topic != ScenarioTopic.Who)
        {
            Paragraph(tell.Text, tell.Topic == ScenarioTopic.Situation ? 0 : 2);
            return;
        }
        console.Write("  - ");
        ExplainedLines.WriteHanging(console, tell.Text, 4, console.Profile.Width - 4, startsLine: false);
    }

    // The records come from the policy engine, which judged the conversations.
    private void Publish(List<Remedy> remedies)
    {
        var advice = remedies.SelectMany(static remedy => remedy.Advice).DistinctBy(static one => one.Record ?? one.Reason).ToList();
        remedies.Clear();
        if (advice.Count == 0)
            return;
        var isToBePublished = advice.Exists(static one => one.Record is not null);
        console.WriteLine(isToBePublished ? "  The records to publish, as the gateway advises:" : "  The gateway's advice:");
        foreach (var one in advice)
            Publish(one);
        console.WriteLine();
    }

    private void Publish(Advice advice)
    {
        if (advice.Record is { } record)
        {
            console.WriteLine($"    {record}", new Style(Color.Green, decoration: Decoration.Bold));
            ExplainedLines.WriteHanging(console, $"must be published by {advice.Publisher}", 6, console.Profile.Width - 6, startsLine: true);
        }
        else
        {
            console.Write("    - ");
            ExplainedLines.WriteHanging(console, advice.Reason, 6, console.Profile.Width - 6, startsLine: false);
        }
    }

    private void Paragraph(string text, int column)
    {
        ExplainedLines.WriteHanging(console, text, column, console.Profile.Width - column, startsLine: true);
        console.WriteLine();
    }

    private void Bold(string text)
    {
        foreach (var line in ExplainedLines.Wrapped(text, console.Profile.Width))
            console.WriteLine(line, new Style(decoration: Decoration.Bold));
    }
}
