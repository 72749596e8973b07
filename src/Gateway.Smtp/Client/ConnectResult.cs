namespace Gateway.Smtp;

/// <summary>How the attempt to open a connection ended.</summary>
public abstract record ConnectResult
{
    private ConnectResult()
    {
    }

    /// <summary>The connection is ready for MAIL: greeted, secured and authenticated as the options ask.</summary>
    public sealed record Connected(SmtpClient Client) : ConnectResult;

    /// <summary>The server answered the greeting, EHLO, STARTTLS or AUTH with 4xx or 5xx.</summary>
    public sealed record Refused(Reply Reply) : ConnectResult;

    /// <summary>There is no connection: it failed or timed out, TLS is required and missing, or the server does not speak SMTP.</summary>
    /// <param name="Reason">For logs; never contains credentials.</param>
    /// <param name="InHandshake">
    /// The TLS handshake failed. With opportunistic TLS the caller may connect again with <see cref="TlsUse.None"/> (RFC 7435 §3).
    /// </param>
    public sealed record Failed(string Reason, bool InHandshake = false) : ConnectResult;
}
