using Gateway.Policy.Facts;

namespace Gateway.Policy.Advising;

/// <summary>How an address is taken off block lists: each list keeps its own entries (KB895853).</summary>
public static class ListAdvice
{
    /// <summary>Said with every answer: no list is the whole of them.</summary>
    public const string PrivateLists =
        "receivers also keep private lists, which nobody else can query: if one refuses your mail because of its own list, write to its administrator";

    /// <summary>One for each list that has the address.</summary>
    public static IEnumerable<Advice> Of(IReadOnlyList<ListAnswer> answers)
    {
        var listed = answers.Where(static answer => answer.Standing == ListStanding.Listed).ToList();
        foreach (var answer in listed)
            yield return new(null, $"the operator of {answer.List.Name}",
                $"{answer.List.Name} lists the address ({answer.Meaning}). Remove the cause, then {Way(answer.List)}");
        if (listed.Count > 1)
            yield return new(null, Publisher.Nobody, $"ask each of the {listed.Count} lists separately: a removal from one list changes nothing in the others");
    }

    private static string Way(PublicList list) => list.Removal is { } page
        ? $"ask this list to remove it: {page}"
        : $"ask the operator of {list.Zone} to remove it: the list's web site explains how";
}
