namespace Gateway.Smtp;

/// <summary>What stands at the beginning of a connection on which a PROXY header must come first.</summary>
public enum ProxyHeaderStatus
{
    /// <summary>What has come may be the beginning of a header.</summary>
    Incomplete,

    Complete,

    /// <summary>No header, whatever follows: the specification wants the connection closed.</summary>
    Invalid,
}
