using Gateway.Smtp;

namespace Gateway.Lab.Talking;

/// <summary>Whether there is a connection on which the server sees the client.</summary>
public abstract record ClientConnectResult
{
    private ClientConnectResult()
    {
    }

    /// <summary>Connected.</summary>
    /// <param name="Connection">Its next reply is the greeting that this client hears. The caller closes it.</param>
    /// <param name="Method">How the connection got the client's address; never <see cref="ConnectMethod.Auto"/>.</param>
    public sealed record Reached(SmtpConnection Connection, ConnectMethod Method) : ClientConnectResult;

    /// <summary>There is none, so it is unknown how the server would treat this client.</summary>
    /// <param name="Problem">What happened, and what to do about it.</param>
    /// <param name="Reply">The server's reply, when a reply was the reason.</param>
    public sealed record Failed(string Problem, Reply? Reply = null) : ClientConnectResult;
}
