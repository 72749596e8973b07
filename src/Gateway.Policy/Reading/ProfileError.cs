namespace Gateway.Policy.Reading;

/// <summary>One thing that is wrong with a profile file, for the person who wrote it.</summary>
/// <param name="Profile">The profile's name.</param>
/// <param name="Line">Counted from 1.</param>
/// <param name="Path">Where in the file: <c>$.checks.require-ptr.mode</c>.</param>
/// <param name="Message">The value that is wrong, and what is allowed.</param>
public sealed record ProfileError(string Profile, int Line, string Path, string Message)
{
    public override string ToString() => $"{Profile}.json:{Line}: {Path}: {Message}";
}
