using System.Net;
using Gateway.Smtp;

namespace Gateway.Lab.Talking;

/// <summary>How a connection gets the address of the client that it speaks for.</summary>
public enum ConnectMethod
{
    /// <summary>By binding to an address of this machine; any other address is claimed with XCLIENT.</summary>
    Auto,

    /// <summary>The client is this machine.</summary>
    Direct,

    /// <summary>By binding the socket to the address.</summary>
    Bind,

    /// <summary>With XCLIENT, which the server must allow this machine.</summary>
    Xclient,

    /// <summary>With a PROXY protocol header, version 2, which the listener must expect.</summary>
    Proxy,

    /// <summary>With a PROXY protocol header, version 1.</summary>
    ProxyV1,
}

/// <summary>A connection to a server that speaks for a client.</summary>
public sealed record ClientConnectRequest
{
    /// <summary>An <see cref="IPEndPoint"/>, or a <see cref="DnsEndPoint"/> for a name.</summary>
    public required EndPoint Server { get; init; }

    /// <summary>The client; null is this machine.</summary>
    public IPAddress? Client { get; init; }

    public ConnectMethod Method { get; init; }

    /// <summary>The client's name, for XCLIENT; <c>[UNAVAILABLE]</c> and <c>[TEMPUNAVAIL]</c> stand for failed look-ups.</summary>
    public string? ClientName { get; init; }

    /// <summary>The name of this machine in the EHLO before XCLIENT.</summary>
    public required string HeloName { get; init; }

    /// <summary>TLS from the first octet (behind a PROXY header).</summary>
    public ClientTls? ImplicitTls { get; init; }

    /// <summary>For a server that takes XCLIENT only after STARTTLS; null takes any certificate.</summary>
    public ClientTls? StartTls { get; init; }

    /// <summary>How long the server may be silent.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);
}
