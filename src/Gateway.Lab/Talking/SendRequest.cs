using Gateway.Server.Checking;
using Gateway.Smtp;

namespace Gateway.Lab.Talking;

/// <summary>What one session says, to which server and as which client.</summary>
public sealed record SendRequest
{
    /// <summary>The server, and the client that the session speaks for.</summary>
    public required ClientConnectRequest Connect { get; init; }

    /// <summary>The name in EHLO.</summary>
    public required string Helo { get; init; }

    public required ReversePath From { get; init; }

    public required IReadOnlyList<ForwardPath> Recipients { get; init; }

    /// <summary>The message's octets: header and body, not yet stuffed; its last line has its CRLF.</summary>
    public required ReadOnlyMemory<byte> Message { get; init; }

    /// <summary>STARTTLS is used, and the session ends without it; null does not use it. TLS from the first octet is part of <see cref="Connect"/>.</summary>
    public ClientTls? StartTls { get; init; }

    public SmtpCredentials? Credentials { get; init; }

    public bool AuthenticateInClear { get; init; }

    /// <summary>The same request for another server.</summary>
    public SendRequest Towards(MailHost host)
    {
        ClientTls? For(ClientTls? tls) => tls is null ? null : tls with { HostName = host.Name };
        return this with
        {
            Connect = Connect with { Server = host.Endpoint, ImplicitTls = For(Connect.ImplicitTls), StartTls = For(Connect.StartTls) },
            StartTls = For(StartTls),
        };
    }
}
