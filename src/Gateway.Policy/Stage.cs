namespace Gateway.Policy;

/// <summary>Where in the dialogue something is known, or spoken.</summary>
public enum Stage
{
    Connect,
    Helo,
    Mail,
    Recipient,

    /// <summary>The end of the message: the reply to the final dot (RFC 5321 §4.1.1.4) or to the last chunk (RFC 3030 §2).</summary>
    Data,
}
