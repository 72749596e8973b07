using Gateway.Explaining;
using Gateway.Policy;
using Gateway.Server.Checking;
using Spectre.Console;

namespace Gateway.Checking;

/// <summary>Shows the profiles that do not count, by group: how many accept, and the names of the others.</summary>
internal static class OtherProfilesView
{
    public const string Title = "Other profiles, which do not count";

    public static void Write(IAnsiConsole console, IReadOnlyList<Forecast> others)
    {
        var groups = others.GroupBy(static forecast => ProfileKinds.Of(forecast.Profile)).OrderBy(static group => group.Key)
            .Select(static group => (Group: Words(group.Key), Answers: string.Join("; ", group.GroupBy(CheckReport.AnswerOf).Select(Said)))).ToList();
        console.WriteLine();
        if (others.All(static forecast => forecast.Stage is null))
        {
            var words = $"{Title}: {string.Join(", ", groups.Select(static group => $"{group.Group} ({group.Answers})"))}.";
            ExplainedLines.WriteHanging(console, words, 0, console.Profile.Width, startsLine: false);
            return;
        }
        console.WriteLine(Title, new Style(decoration: Decoration.Bold));
        ExplainedLines.Write(console, [.. groups.Select(static group => new ExplainedLine(group.Group, null, "", group.Answers))]);
    }

    private static string Words(ProfileKind kind) => kind switch
    {
        ProfileKind.Software => "server software",
        ProfileKind.Own => "Gateway's policies",
        ProfileKind.Past => "earlier receivers",
        _ => "receivers",
    };

    private static string Said(IGrouping<ReceiverAnswer, Forecast> same)
    {
        var (word, _) = ReceiversView.Shown(same.Key);
        var count = $"{same.Count()} {word}{(same.Count() == 1 ? "s" : "")}";
        return same.Key == ReceiverAnswer.Accept ? count : $"{count}: {string.Join(", ", same.Select(static forecast => forecast.Profile.Name))}";
    }
}
