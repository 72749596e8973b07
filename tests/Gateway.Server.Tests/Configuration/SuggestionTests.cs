using Gateway.Server.Configuration;

namespace Gateway.Server.Tests.Configuration;

public sealed class SuggestionTests
{
    private static readonly string[] Words = ["standard", "strict", "observe", "Limits", "Listeners", "ptr"];

    [Theory]
    [InlineData("standart", "standard", "one wrong letter")]
    [InlineData("stirct", "strict", "two swapped")]
    [InlineData("limit", "Limits", "one missing, and keys have no case")]
    [InlineData("Lissteners", "Listeners", "one too many")]
    [InlineData("prt", "ptr", "a short word may have one slip")]
    [InlineData("xyz", null, "nothing is near")]
    [InlineData("", null, "no word")]
    public void The_nearest_word_is_suggested_when_it_is_near_enough(string typed, string? meant, string reason)
    {
        Assert.True(Suggestion.Nearest(typed, Words) == meant, reason);
    }
}
