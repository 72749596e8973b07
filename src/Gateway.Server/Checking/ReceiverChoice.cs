using Gateway.Policy.Profiles;
using Gateway.Server.Configuration;

namespace Gateway.Server.Checking;

/// <summary>The profiles that judge, and those that are shown beside them and do not count.</summary>
/// <param name="Judges">Their answers are the verdict.</param>
/// <param name="Others">What else is of interest: server software, policies of our own, receivers of earlier years.</param>
/// <param name="Kind">What the judges are, in the plural, as the verdict calls them.</param>
internal sealed record ReceiverChoice(IReadOnlyList<Profile> Judges, IReadOnlyList<Profile> Others, string Kind)
{
    /// <summary>The question of today: would mail arrive? Nothing that receivers did years ago, or that nobody may run, says so.</summary>
    public static ReceiverChoice OfToday(ProfileLibrary library)
    {
        var (judges, others) = Parted(library.Profiles, static profile => profile.Group == ProfileGroup.Receiver && profile.Years.IsToday);
        return new(judges, others, "receivers of today");
    }

    /// <summary>As it was in a year: only profiles of which the first year is known can say. Policies of our own belong to no year.</summary>
    public static ReceiverChoice OfYear(ProfileLibrary library, int year)
    {
        var known = library.Profiles.Where(profile => profile.Group == ProfileGroup.Own || (profile.Years.From is not null && profile.Years.Contains(year)));
        var (judges, others) = Parted(known, static profile => profile.Group == ProfileGroup.Receiver);
        return new(judges, others, $"receivers known from {year}");
    }

    /// <summary>Whoever is named counts, whatever it is.</summary>
    public static ReceiverChoice Named(IReadOnlyList<Profile> profiles) => new(profiles, [], "receivers");

    private static (List<Profile> Judges, List<Profile> Others) Parted(IEnumerable<Profile> profiles, Func<Profile, bool> isJudge)
    {
        var groups = profiles.ToLookup(isJudge);
        return ([.. groups[true]], [.. groups[false]]);
    }
}
