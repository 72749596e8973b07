namespace Gateway.Smtp;

/// <summary>How a connection to a server is secured.</summary>
public enum TlsUse
{
    /// <summary>Never.</summary>
    None,

    /// <summary>STARTTLS when the server offers it, without verification: the alternative would be no TLS (RFC 7435).</summary>
    Opportunistic,

    /// <summary>STARTTLS or nothing, and the certificate must verify.</summary>
    Required,

    /// <summary>TLS from the first octet (RFC 8314 §3.3), and the certificate must verify.</summary>
    Implicit,
}

/// <summary>A name and its secret for AUTH PLAIN (RFC 4616) or LOGIN. Never printed.</summary>
public sealed record SmtpCredentials(string UserName, string Password)
{
    public override string ToString() => UserName;
}

/// <summary>How a client connection behaves. The time-outs are those of RFC 5321 §4.5.3.2.</summary>
public sealed record SmtpClientOptions
{
    /// <summary>The client's name in EHLO.</summary>
    public required string HeloName { get; init; }

    public TlsUse Tls { get; init; } = TlsUse.Opportunistic;

    /// <summary>The name that the certificate must carry; also SNI.</summary>
    public string? TlsHostName { get; init; }

    /// <summary>Which certificate of the server is the right one where TLS is <see cref="TlsUse.Required"/> or <see cref="TlsUse.Implicit"/>.</summary>
    public ServerTrust Trust { get; init; } = ServerTrust.System;

    /// <summary>
    /// Sent only over TLS with a verified certificate. With opportunistic TLS, an attacker between client and server could present a certificate and
    /// read the password. <see cref="AuthenticateInClear"/> allows this, and a connection without TLS.
    /// </summary>
    public SmtpCredentials? Credentials { get; init; }

    public bool AuthenticateInClear { get; init; }

    /// <summary>8-bit content for a server without 8BITMIME is refused with 554 5.6.3, instead of being sent unchanged.</summary>
    public bool RefuseUnannouncedEightBit { get; init; }

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);
    public TimeSpan GreetingTimeout { get; init; } = TimeSpan.FromMinutes(5);
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromMinutes(5);
    public TimeSpan DataInitiationTimeout { get; init; } = TimeSpan.FromMinutes(2);
    public TimeSpan DataBlockTimeout { get; init; } = TimeSpan.FromMinutes(3);
    public TimeSpan DataTerminationTimeout { get; init; } = TimeSpan.FromMinutes(10);
}
