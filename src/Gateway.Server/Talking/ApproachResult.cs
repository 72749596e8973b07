using Gateway.Smtp;

namespace Gateway.Server.Talking;

/// <summary>What came of the wish to be a certain client before a certain server.</summary>
public abstract record ApproachResult
{
    private ApproachResult()
    {
    }

    /// <summary>Connected.</summary>
    /// <param name="Connection">Its next reply is the greeting that this client hears. The caller closes it.</param>
    /// <param name="Way">How; never <see cref="ApproachWay.Auto"/>.</param>
    public sealed record Reached(SmtpConnection Connection, ApproachWay Way) : ApproachResult;

    /// <summary>Nobody can say how the server would treat this client.</summary>
    /// <param name="Problem">What happened, and what to do about it.</param>
    /// <param name="Reply">The server's, when it was one.</param>
    public sealed record Failed(string Problem, Reply? Reply = null) : ApproachResult;
}
