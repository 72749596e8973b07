using Gateway.Explaining;
using Gateway.Policy;
using Gateway.Server.Checking;
using Spectre.Console;

namespace Gateway.Checking;

/// <summary>The profiles that do not count, group by group: the names of those that do not accept, and how many do.</summary>
internal static class OthersView
{
    public static void Write(IAnsiConsole console, IReadOnlyList<Forecast> others)
    {
        var groups = others.GroupBy(static forecast => ProfileKinds.Of(forecast.Profile)).OrderBy(static group => group.Key)
            .Select(static group => (Group: Words(group.Key), Answers: string.Join("; ", group.GroupBy(CheckReport.AnswerOf).Select(Said)))).ToList();
        console.WriteLine();
        if (others.All(static forecast => forecast.Stage is null))
        {
            var words = $"Not counted: {string.Join(", ", groups.Select(static group => $"{group.Group} ({group.Answers})"))}.";
            ExplainedLines.WriteHanging(console, words, 0, console.Profile.Width, startsLine: false);
            return;
        }
        console.WriteLine("Not counted", new Style(decoration: Decoration.Bold));
        ExplainedLines.Write(console, [.. groups.Select(static group => new ExplainedLine(group.Group, null, "", group.Answers))]);
    }

    private static string Words(ProfileKind kind) => kind switch
    {
        ProfileKind.Software => "server software",
        ProfileKind.Own => "own policies",
        ProfileKind.Past => "earlier years",
        _ => "receivers",
    };

    private static string Said(IGrouping<ReceiverAnswer, Forecast> same)
    {
        var (word, _) = ReceiversView.Shown(same.Key);
        var count = $"{same.Count()} {word}{(same.Count() == 1 ? "s" : "")}";
        return same.Key == ReceiverAnswer.Accept ? count : $"{count}: {string.Join(", ", same.Select(static forecast => forecast.Profile.Name))}";
    }
}
