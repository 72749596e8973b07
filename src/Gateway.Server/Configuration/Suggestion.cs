namespace Gateway.Server.Configuration;

/// <summary>What somebody may have meant by a word that does not exist.</summary>
public static class Suggestion
{
    /// <summary><c> (did you mean "strict"?)</c> for the nearest of the words; empty when none is near.</summary>
    public static string For(string word, IEnumerable<string> words) => Nearest(word, words) is { } near ? $" (did you mean \"{near}\"?)" : "";

    /// <summary>The word with the fewest slips: letters that are wrong, missing, too many or swapped, one for every three letters at the most.</summary>
    public static string? Nearest(string word, IEnumerable<string> words)
    {
        var most = Math.Max(1, word.Length / 3);
        return words.Select(candidate => (Word: candidate, Slips: Slips(word.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .Where(candidate => candidate.Slips <= most)
            .OrderBy(static candidate => candidate.Slips).ThenBy(static candidate => candidate.Word, StringComparer.Ordinal)
            .Select(static candidate => candidate.Word).FirstOrDefault();
    }

    // The optimal string alignment distance.
    private static int Slips(string typed, string meant)
    {
        var slips = new int[typed.Length + 1, meant.Length + 1];
        for (var i = 0; i <= typed.Length; i++)
        {
            for (var j = 0; j <= meant.Length; j++)
            {
                slips[i, j] = i == 0 ? j : j == 0 ? i
                    : Math.Min(Math.Min(slips[i - 1, j], slips[i, j - 1]) + 1, slips[i - 1, j - 1] + (typed[i - 1] == meant[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && typed[i - 1] == meant[j - 2] && typed[i - 2] == meant[j - 1])
                    slips[i, j] = Math.Min(slips[i, j], slips[i - 2, j - 2] + 1);
            }
        }
        return slips[typed.Length, meant.Length];
    }
}
