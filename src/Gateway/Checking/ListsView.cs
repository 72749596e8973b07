using Gateway.Explaining;
using Gateway.Policy.Advising;
using Gateway.Policy.Facts;
using Spectre.Console;

namespace Gateway.Checking;

/// <summary>Shows the answers of the block lists: in full for lists with the address, in short for the others.</summary>
internal static class ListsView
{
    public static void Write(IAnsiConsole console, IReadOnlyList<ListAnswer> answers)
    {
        var lines = answers.Where(static answer => answer.Standing == ListStanding.Listed)
            .Select(static answer => new ExplainedLine("listed", Color.Red, "", Listed(answer))).ToList();
        // If the DNS itself fails, all lists have the same answer, which is shown once.
        lines.AddRange(answers.Where(static answer => answer.Standing is ListStanding.Refused or ListStanding.Unanswered or ListStanding.Broken)
            .GroupBy(static answer => answer.Meaning)
            .Select(static same => new ExplainedLine("unknown", Color.Yellow, "", $"{string.Join(", ", same.Select(static answer => Shown(answer.List)))}: {same.Key}")));
        Add(ListStanding.NotListed, "ok", Color.Green, "not on these lists: ");
        Add(ListStanding.OtherFamily, "-", null, "no IPv6 addresses on these lists: ");
        lines.Add(new("-", null, "", ListAdvice.PrivateLists));
        ExplainedLines.Write(console, lines);

        void Add(ListStanding standing, string mark, Color? colour, string words)
        {
            var names = answers.Where(answer => answer.Standing == standing).Select(static answer => answer.List.Name).ToList();
            if (names.Count > 0)
                lines.Add(new(mark, colour, "", words + string.Join(", ", names)));
        }
    }

    private static string Listed(ListAnswer answer)
    {
        var about = answer.List.About is { } whom ? $". It lists {whom}" : "";
        return $"{Shown(answer.List)}: {answer.Meaning}{about}";
    }

    private static string Shown(PublicList list) => list.Name == list.Zone.ToString() ? list.Name : $"{list.Name} ({list.Zone})";
}
