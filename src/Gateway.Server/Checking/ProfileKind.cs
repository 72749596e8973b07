using Gateway.Policy.Profiles;

namespace Gateway.Server.Checking;

/// <summary>The kinds of profiles that commands tell apart: those of <see cref="ProfileGroup"/>, with the receivers of earlier years on their own.</summary>
internal enum ProfileKind
{
    Receiver,
    Software,
    Own,
    Past,
}

internal static class ProfileKinds
{
    public static ProfileKind Of(Profile profile) => profile.Group switch
    {
        ProfileGroup.Own => ProfileKind.Own,
        ProfileGroup.Software => ProfileKind.Software,
        _ => profile.Years.IsToday ? ProfileKind.Receiver : ProfileKind.Past,
    };

    /// <summary>The group's word in the document.</summary>
    public static string WordOf(Profile profile) => Of(profile) switch
    {
        ProfileKind.Receiver => "receiver",
        ProfileKind.Software => "software",
        ProfileKind.Own => "own",
        _ => "past",
    };
}
