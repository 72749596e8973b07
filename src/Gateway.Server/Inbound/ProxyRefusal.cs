namespace Gateway.Server.Inbound;

/// <summary>Why a listener for proxies turned a connection away.</summary>
public enum ProxyRefusal
{
    /// <summary>The peer is none of <c>Relay.TrustedProxies</c>.</summary>
    Untrusted,

    /// <summary>What came first is no PROXY header.</summary>
    Malformed,

    /// <summary>The peer hung up before the header was whole.</summary>
    Incomplete,

    /// <summary>The header did not come in time.</summary>
    TimedOut,
}
