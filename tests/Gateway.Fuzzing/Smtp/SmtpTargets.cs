namespace Gateway.Fuzzing.Smtp;

/// <summary>The readers of Gateway.Smtp.</summary>
internal static class SmtpTargets
{
    public static IReadOnlyList<Target> All { get; } =
    [
        new("smtp-command", CommandTarget.Check),
        new("smtp-path", PathTarget.Check),
        new("smtp-data", DataTarget.Check),
        new("smtp-session", SessionTarget.Check),
        new("smtp-reply", ReplyTarget.Check),
        new("smtp-proxy", ProxyTarget.Check),
        new("smtp-xclient", XclientTarget.Check),
        new("smtp-sasl", SaslTarget.Check),
    ];
}
