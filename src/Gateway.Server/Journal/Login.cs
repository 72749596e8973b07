using Gateway.Server.Inbound;

namespace Gateway.Server.Journal;

/// <summary>What a session adds to the count of one user name.</summary>
internal readonly record struct Login(string User, int Sessions, MailVolume Volume, int Failures)
{
    public static IEnumerable<Login> Of(SessionRecord session)
    {
        if (session.User is { } user)
            yield return new(SessionDescription.Short(user)!, 1, session.UserVolume, 0);
        for (var i = 0; i < session.FailedNames.Count; i++)
        {
            // Each name failed once at least; what is more is the first one's.
            var failures = i == 0 ? session.FailedLogins - session.FailedNames.Count + 1 : 1;
            yield return new(SessionDescription.Short(session.FailedNames[i])!, 0, default, failures);
        }
    }
}
