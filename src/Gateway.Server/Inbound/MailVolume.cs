namespace Gateway.Server.Inbound;

/// <summary>How much mail it was.</summary>
public readonly record struct MailVolume(int Messages, long Recipients, long Octets)
{
    /// <summary>One message more.</summary>
    public MailVolume Plus(int recipients, long octets) => new(Messages + 1, Recipients + recipients, Octets + octets);
}
