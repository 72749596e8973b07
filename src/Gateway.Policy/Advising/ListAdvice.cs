using Gateway.Policy.Facts;

namespace Gateway.Policy.Advising;

/// <summary>How an address is taken off block lists: each list keeps its own entries (KB895853).</summary>
public static class ListAdvice
{
    /// <summary>Said with every answer: no list is the whole of them.</summary>
    public const string PrivateLists =
        "receivers also keep lists of their own, which nobody else can ask: where one refuses mail for that, write to its administrator";

    /// <summary>One for each list that has the address.</summary>
    public static IEnumerable<Advice> Of(IReadOnlyList<ListAnswer> answers)
    {
        var listed = answers.Where(static answer => answer.Standing == ListStanding.Listed).ToList();
        foreach (var answer in listed)
            yield return new(null, $"whoever runs {answer.List.Name}",
                $"{answer.List.Name} has the address on its list ({answer.Meaning}). End the cause, then {Way(answer.List)}");
        if (listed.Count > 1)
            yield return new(null, Publisher.Nobody, $"each of the {listed.Count} lists must be asked apart: being taken off one takes the address off no other");
    }

    private static string Way(PublicList list) => list.Removal is { } page
        ? $"ask this list to remove it: {page}"
        : $"ask whoever runs {list.Zone} to remove it: the list's web site says how";
}
