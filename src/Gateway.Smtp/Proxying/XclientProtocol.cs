namespace Gateway.Smtp;

/// <summary>How the client speaks to the proxy.</summary>
public enum XclientProtocol
{
    Smtp,
    Esmtp,
}
