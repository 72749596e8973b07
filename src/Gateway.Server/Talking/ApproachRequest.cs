using System.Net;
using Gateway.Smtp;

namespace Gateway.Server.Talking;

/// <summary>How a client takes an address.</summary>
public enum ApproachWay
{
    /// <summary>An address of this machine is bound to; any other is claimed with XCLIENT.</summary>
    Auto,

    /// <summary>As the machine that this is.</summary>
    Plain,

    /// <summary>The socket is bound to the address.</summary>
    Bind,

    /// <summary>Claimed with XCLIENT, which the server must allow this machine.</summary>
    Xclient,

    /// <summary>Claimed in a PROXY protocol header, version 2, which the listener must expect.</summary>
    Proxy,

    /// <summary>The same, version 1.</summary>
    ProxyV1,
}

/// <summary>Which client is to stand before which server.</summary>
public sealed record ApproachRequest
{
    /// <summary>An <see cref="IPEndPoint"/>, or a <see cref="DnsEndPoint"/> for a name.</summary>
    public required EndPoint Server { get; init; }

    /// <summary>Whom to be; null is this machine.</summary>
    public IPAddress? Client { get; init; }

    public ApproachWay Way { get; init; }

    /// <summary>The client's name, for XCLIENT; <c>[UNAVAILABLE]</c> and <c>[TEMPUNAVAIL]</c> stand for failed look-ups.</summary>
    public string? ClientName { get; init; }

    /// <summary>What this machine says in EHLO before XCLIENT.</summary>
    public required string HeloName { get; init; }

    /// <summary>TLS from the first octet (behind a PROXY header).</summary>
    public ClientTls? ImplicitTls { get; init; }

    /// <summary>For a server that takes XCLIENT only behind STARTTLS; null takes any certificate.</summary>
    public ClientTls? StartTls { get; init; }

    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);
}
