using Gateway.Exchange;
using Gateway.Explaining;
using Gateway.Lab.Conversations;
using Gateway.Lab.Scenarios;
using Gateway.Policy.Advising;
using Gateway.Server.Checking;
using Spectre.Console;

namespace Gateway.Playing;

/// <summary>Walks through a scenario's rows one by one, as a teacher would: what the matter is, the play, what it meant, the cure.</summary>
/// <param name="console">Where it is told.</param>
/// <param name="wait">Waits for the reader between rows; false when there has been enough. Null: nobody is there to be waited for.</param>
internal sealed class ScenarioTour(IAnsiConsole console, Func<CancellationToken, Task<bool>>? wait)
{
    // In memory nothing is silent for so long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly Dictionary<ScenarioTopic, string> Headings = new()
    {
        [ScenarioTopic.Who] = "Who is who",
        [ScenarioTopic.Seen] = "What will be seen",
        [ScenarioTopic.Administrator] = "What the sender's administrator saw",
        [ScenarioTopic.Cure] = "The cure",
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
        console.Write(new Text($"Next is row {next.Number}. Enter goes on, q and Enter ends: ", Color.Grey));
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
                // A list has no empty line behind each of its items.
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
                // What is much like another play advises the same.
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
        // In memory there is always somebody to talk to.
        var performance = (await runner.PlayAsync(conversation, scene, cancellationToken))!;
        // Who was refused before it had named itself is known too little to be told a name, and a user needs no reverse DNS.
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

    // The records that the engine itself advises, after the facts of the plays.
    private void Publish(List<Remedy> remedies)
    {
        var advice = remedies.SelectMany(static remedy => remedy.Advice).DistinctBy(static one => one.Record ?? one.Reason).ToList();
        remedies.Clear();
        if (advice.Count == 0)
            return;
        var isToBePublished = advice.Exists(static one => one.Record is not null);
        console.WriteLine(isToBePublished ? "  To be published, as the play has worked it out:" : "  As the play has worked it out:");
        foreach (var one in advice)
            Publish(one);
        console.WriteLine();
    }

    private void Publish(Advice advice)
    {
        if (advice.Record is { } record)
        {
            console.WriteLine($"    {record}", new Style(Color.Green, decoration: Decoration.Bold));
            ExplainedLines.WriteHanging(console, $"by {advice.Publisher}", 6, console.Profile.Width - 6, startsLine: true);
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
