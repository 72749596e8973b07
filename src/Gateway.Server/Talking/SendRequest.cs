using Gateway.Smtp;

namespace Gateway.Server.Talking;

/// <summary>What one session is to say, and as whom.</summary>
public sealed record SendRequest
{
    /// <summary>Whom to be, and where.</summary>
    public required ApproachRequest Approach { get; init; }

    /// <summary>In EHLO.</summary>
    public required string Helo { get; init; }

    public required ReversePath From { get; init; }

    public required IReadOnlyList<ForwardPath> Recipients { get; init; }

    /// <summary>The message's octets: header and body, not yet stuffed; its last line has its CRLF.</summary>
    public required ReadOnlyMemory<byte> Message { get; init; }

    /// <summary>STARTTLS is demanded; TLS from the first octet is the approach's.</summary>
    public ClientTls? StartTls { get; init; }

    public SmtpCredentials? Credentials { get; init; }

    public bool AuthenticateInClear { get; init; }

    /// <summary>The same to another server.</summary>
    public SendRequest Towards(MailHost host)
    {
        ClientTls? For(ClientTls? tls) => tls is null ? null : tls with { HostName = host.Name };
        return this with
        {
            Approach = Approach with { Server = host.Endpoint, ImplicitTls = For(Approach.ImplicitTls), StartTls = For(Approach.StartTls) },
            StartTls = For(StartTls),
        };
    }
}
