using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Server.Configuration;
using Gateway.Tests;

namespace Gateway.Lab.Tests.Scenarios;

/// <summary>A row of one of the tables in docs/lab.md.</summary>
/// <param name="Number">As in the scenario.</param>
/// <param name="Profiles">The receivers that it names.</param>
/// <param name="Replies">The replies that it quotes, or the beginnings of some.</param>
/// <param name="Saw">Event ids and NDR codes.</param>
internal sealed partial record LabTable(int Number, IReadOnlyList<string> Profiles, IReadOnlyList<string> Replies, IReadOnlySet<string> Saw)
{
    private static readonly HashSet<string> Names = [.. ProfileLibrary.Load(folder: null).Names];

    /// <param name="begin">How the paragraph before the table begins.</param>
    public static IReadOnlyList<LabTable> After(string begin)
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "lab.md"));
        return
        [
            .. lines.SkipWhile(line => !line.StartsWith(begin, StringComparison.Ordinal)).SkipWhile(line => !line.StartsWith('|')).Skip(2)
                .TakeWhile(line => line.StartsWith('|')).Select(Read),
        ];
    }

    /// <summary>Event ids and codes of RFC 3463 in a text.</summary>
    public static IReadOnlySet<string> Codes(string text) => CodePattern().Matches(text).Select(match => match.Value).ToHashSet();

    private static LabTable Read(string line)
    {
        var cells = line.Trim('|').Split(" | ").Select(cell => cell.Trim()).ToList();
        Assert.True(cells.Count == 4, $"not four cells: {line}");
        var seen = $"{cells[1]} {cells[2]}";
        var quoted = QuotedPattern().Matches(seen).Select(match => match.Groups[1].Value).ToList();
        return new(
            int.Parse(cells[0], CultureInfo.InvariantCulture),
            [.. quoted.Where(Names.Contains)],
            // What stands behind "; id=" is another one each time.
            [.. quoted.Where(word => char.IsAsciiDigit(word[0])).Select(reply => reply.Split("; id=")[0]),
                .. ReplyPattern().Matches(QuotedPattern().Replace(seen, "")).Select(match => match.Value)],
            Codes(cells[3]));
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex QuotedPattern();

    [GeneratedRegex(@"\b[45]\d\d [45]\.\d+\.\d+\b")]
    private static partial Regex ReplyPattern();

    [GeneratedRegex(@"\b(?:\d{4}|[45]\.\d+\.\d+)\b")]
    private static partial Regex CodePattern();
}
