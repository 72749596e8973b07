namespace Gateway.Dns;

/// <summary>What one server gave for one query: a message, or why there is none.</summary>
internal readonly record struct ServerReply(DnsMessage? Message, DnsStatus Failure, string? Detail, bool IsSilence)
{
    public static ServerReply Answer(DnsMessage message) => new(message, DnsStatus.Found, null, false);

    public static ServerReply Failed(DnsStatus failure, string detail) => new(null, failure, detail, false);

    public static ServerReply Silence(string detail) => new(null, DnsStatus.TimedOut, detail, true);
}
