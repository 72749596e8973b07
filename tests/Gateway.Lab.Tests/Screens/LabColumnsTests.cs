using Gateway.Lab.Hosting;
using Gateway.Lab.Screens;

namespace Gateway.Lab.Tests.Screens;

public sealed class LabColumnsTests
{
    private static readonly string[] Entries = ["1 one", "2 two", "3 three", "4 four", "5 five"];

    [Theory]
    [InlineData(80, "1 one   2 two   3 three   4 four   5 five")]
    [InlineData(30, "1 one   3 three   5 five|2 two   4 four")]
    [InlineData(20, "1 one     4 four|2 two     5 five|3 three")]
    [InlineData(3, "1 one|2 two|3 three|4 four|5 five")]
    public void As_many_columns_as_fit_are_read_downwards(int width, string expected) =>
        Assert.Equal(expected, string.Join('|', LabColumns.Lay(Entries, width)));

    [Fact]
    public void Nothing_is_laid_out_as_nothing() => Assert.Empty(LabColumns.Lay([], 80));

    [Fact]
    public void Every_profile_has_a_place_ours_first()
    {
        Assert.Equal(["observe", "ptr", "fcrdns", "standard", "strict", "aol-2003"], LabPlaces.ProfileNames.Select(profile => profile.Name).Take(6));
        Assert.Equal(
            Gateway.Server.Configuration.ProfileLibrary.Load(null).Names, LabPlaces.ProfileNames.Select(profile => profile.Name).Order(StringComparer.Ordinal));
    }
}
