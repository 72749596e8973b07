using Gateway.Explaining;
using Gateway.Lab.Conversations;
using Gateway.Lab.Talking;
using Spectre.Console;

namespace Gateway.Playing;

/// <summary>
/// The plays of a walk, one after the other: what has been shown is not shown at length again. A play that differs is always shown whole.
/// </summary>
internal sealed class TourView : IPerformanceView
{
    private readonly IAnsiConsole _console;
    private readonly string _folder;
    private readonly PerformanceView _whole;
    private readonly DialogueView _brief;
    private readonly ReplyFold _fold;

    /// <param name="console">Where it is shown.</param>
    /// <param name="folder">Files are named from here.</param>
    public TourView(IAnsiConsole console, string folder)
    {
        (_console, _folder) = (console, folder);
        // A walk is read, not searched: its lines are broken in a file and a pipe, too.
        _whole = new(console, folder, console.Profile.Width);
        _brief = new(console, console.Profile.Width);
        _fold = new(_whole.Said, lines => _whole.Left($"({lines} more lines, the same as before)"));
    }

    /// <summary>The next play is like the one before: the line that decides it is enough.</summary>
    public bool IsBrief { get; set; }

    public void Begin(Conversation conversation, LiveScene? live)
    {
        if (!IsBrief)
            _whole.Begin(conversation, live);
    }

    public void Said(TranscriptLine line)
    {
        if (!IsBrief)
            _fold.Said(line);
    }

    public void End(Performance performance)
    {
        _fold.Flush();
        if (IsBrief && performance.IsFaithful)
        {
            WriteBriefly(performance);
            return;
        }
        if (IsBrief)
        {
            _whole.Begin(performance.Conversation, live: null);
            foreach (var line in performance.Transcript)
                _whole.Said(line);
        }
        _whole.End(performance);
    }

    public void Unreachable(Conversation conversation, CannotConnectException reason) => _whole.Unreachable(conversation, reason);

    public void PassOver(Conversation conversation, string reason) => _whole.PassOver(conversation, reason);

    public void Sum(IReadOnlyList<Performance> performances, int passedOver) => _whole.Sum(performances, passedOver);

    private void WriteBriefly(Performance performance)
    {
        _console.Profile.Out.Writer.WriteLine(Path.GetRelativePath(_folder, performance.Conversation.Path));
        foreach (var line in ExplainedLines.Wrapped(performance.Conversation.Title, _console.Profile.Width))
            _console.WriteLine(line);
        foreach (var line in Deciding([.. performance.Transcript.Where(static line => line.Speaker != Speaker.Stage)]))
            _brief.WriteBriefly(line);
        _console.WriteLine();
    }

    // Each refusal and what it answers, with the sender before them; where there is none, what was said last before the leave.
    private static IEnumerable<TranscriptLine> Deciding(IReadOnlyList<TranscriptLine> lines)
    {
        var commands = Enumerable.Range(0, lines.Count).Where(at => lines[at].Speaker == Speaker.Client).Prepend(-1).ToList();
        var refused = commands.Where(at => Reply(at).Any(IsRefusal)).ToList();
        if (refused.Count == 0)
            refused = [commands.Last(at => at < 0 || !Says(at, "QUIT"))];
        else if (refused.TrueForAll(at => at >= 0 && !Says(at, "MAIL FROM")) && commands.FindLast(at => at >= 0 && at < refused[0] && Says(at, "MAIL FROM")) is > 0 and var sender)
            yield return lines[sender];
        foreach (var at in refused)
        {
            if (at >= 0)
                yield return lines[at];
            foreach (var line in Reply(at))
                yield return line;
        }

        IEnumerable<TranscriptLine> Reply(int command) => lines.Skip(command + 1).TakeWhile(static line => line.Speaker == Speaker.Server);
        bool Says(int at, string verb) => lines[at].Text.StartsWith(verb, StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsRefusal(TranscriptLine line) => line is { Speaker: Speaker.Server, Text: ['4' or '5', ..] };
}
