using Gateway.Exchange;
using Gateway.Explaining;
using Gateway.Lab.Conversations;
using Gateway.Lab.Talking;
using Spectre.Console;

namespace Gateway.Playing;

/// <summary>Performances for people: title, circumstances, the dialogue as it happens, and what came of it.</summary>
/// <param name="console">Where it is shown.</param>
/// <param name="folder">Files are named from here; null names them as they were.</param>
/// <param name="width">Where lines of the dialogue are broken.</param>
internal sealed class PerformanceView(IAnsiConsole console, string? folder, int width) : IPerformanceView
{
    private const int TextColumn = 13;

    private readonly DialogueView _dialogue = new(console, width);
    private TranscriptLine? _last;
    private int _repeated;

    /// <param name="console">Where it is shown; a file and a pipe get each line whole.</param>
    public PerformanceView(IAnsiConsole console) : this(console, null, DialogueView.WidthOf(console))
    {
    }

    /// <summary>What a sending Exchange 2003 tells of each message that did not arrive comes behind the dialogue.</summary>
    public bool TellsAsExchange { get; init; }

    public void Begin(Conversation conversation, LiveScene? live)
    {
        Title(conversation);
        if (conversation.Explanation.Count > 0)
            ExplainedLines.WriteHanging(console, string.Join(' ', conversation.Explanation), 2, console.Profile.Width - 2, startsLine: true);
        var setting = conversation.Setting;
        Grey(live is null ? $"Client {setting.Client}, receiver with profile {setting.Profile}. In memory, with a simulated clock." : $"Played against {live.Server}.");
        if (live?.PassedOver is { Count: > 0 } passedOver)
            Grey($"Left out, because a server elsewhere can neither do nor show it: {string.Join(", ", passedOver)}.");
        console.WriteLine();
    }

    private void Title(Conversation conversation)
    {
        Plain(folder is null ? conversation.Path : Path.GetRelativePath(folder, conversation.Path));
        foreach (var line in ExplainedLines.Wrapped(conversation.Title, console.Profile.Width))
            console.WriteLine(line, new Style(decoration: Decoration.Bold));
    }

    public void Said(TranscriptLine line)
    {
        // A header field a hundred times is told once and counted.
        if (_last is { } last && last.Speaker == line.Speaker && last.Text == line.Text && line.Text.Length > 0)
        {
            _repeated++;
            return;
        }
        Caught();
        _last = line;
        _dialogue.Write(line);
    }

    /// <summary>Tells of lines that are not shown.</summary>
    public void Left(string words)
    {
        Caught();
        console.WriteLine(new string(' ', TextColumn) + words, Color.Grey);
    }

    private void Caught()
    {
        if (_repeated > 0)
            console.WriteLine($"{new string(' ', TextColumn)}({(_repeated == 1 ? "1 more line" : $"{_repeated} more lines")} like this one)", Color.Grey);
        (_last, _repeated) = (null, 0);
    }

    public void End(Performance performance)
    {
        Caught();
        if (performance.IsFaithful)
            console.WriteLine("  As written.", Color.Green);
        else
            DifferenceView.Write(console, performance);
        console.WriteLine();
        if (TellsAsExchange)
            foreach (var attempt in performance.Attempts())
                ExchangeView.Write(console, attempt, width);
    }

    public void Unreachable(Conversation conversation, CannotConnectException reason)
    {
        Caught();
        console.WriteLine($"  NOT PLAYED: {reason.Message}", Color.Red);
        console.WriteLine();
    }

    public void PassOver(Conversation conversation, string reason)
    {
        Title(conversation);
        Grey($"Not played: {reason}.");
        console.WriteLine();
    }

    public void Sum(IReadOnlyList<Performance> performances, int passedOver)
    {
        if (performances.Count + passedOver < 2)
            return;
        var different = performances.Where(static performance => !performance.IsFaithful).ToList();
        console.Write(new Text($"{performances.Count + passedOver} conversations: {(passedOver == 0 ? "" : $"{passedOver} not played, ")}{performances.Count - different.Count} as written, ", new Style(decoration: Decoration.Bold)));
        console.WriteLine(different.Count == 1 ? "1 differs." : $"{different.Count} differ.", different.Count == 0 ? Color.Green : Color.Red);
        foreach (var performance in different)
            Plain($"  {DifferenceView.Place(performance)}");
    }

    private void Grey(string text)
    {
        foreach (var line in ExplainedLines.Wrapped(text, Math.Max(console.Profile.Width - 2, 40)))
            console.WriteLine($"  {line}", Color.Grey);
    }

    // A place to be clicked or copied is never broken by us.
    private void Plain(string line) => console.Profile.Out.Writer.WriteLine(line);
}
