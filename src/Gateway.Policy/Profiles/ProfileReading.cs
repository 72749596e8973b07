using Gateway.Policy.Reading;

namespace Gateway.Policy.Profiles;

/// <summary>What became of a profile file: the profile, or everything that is wrong with it.</summary>
/// <param name="Profile">Null when there are errors.</param>
/// <param name="Errors">All of them, in the order of the file.</param>
public sealed record ProfileReading(Profile? Profile, IReadOnlyList<ProfileError> Errors);
