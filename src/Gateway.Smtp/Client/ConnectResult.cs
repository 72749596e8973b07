namespace Gateway.Smtp;

/// <summary>How the attempt to open a connection ended.</summary>
public abstract record ConnectResult
{
    private ConnectResult()
    {
    }

    /// <summary>Greeted, secured and authenticated as the options ask; ready for MAIL.</summary>
    public sealed record Connected(SmtpClient Client) : ConnectResult;

    /// <summary>The server answered the greeting, EHLO, STARTTLS or AUTH with 4xx or 5xx.</summary>
    public sealed record Refused(Reply Reply) : ConnectResult;

    /// <summary>No connection, a time-out, no TLS where it is required, or no SMTP.</summary>
    /// <param name="Reason">For logs; never contains credentials.</param>
    /// <param name="InHandshake">
    /// The TLS handshake failed: with opportunistic TLS the caller may come again with <see cref="TlsUse.None"/> (RFC 7435 §3).
    /// </param>
    public sealed record Failed(string Reason, bool InHandshake = false) : ConnectResult;
}
