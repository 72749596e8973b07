namespace Gateway.Policy;

/// <summary>Where in the dialogue something is known, or spoken.</summary>
public enum Stage
{
    Connect,
    Helo,
    Mail,
    Recipient,
    Data,
}
