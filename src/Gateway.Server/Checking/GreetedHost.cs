using Gateway.Smtp;

namespace Gateway.Server.Checking;

/// <summary>What became of a greeting.</summary>
internal enum ProbeVerdict
{
    /// <summary>The host takes mail for the domain.</summary>
    TakesMail,

    /// <summary>The host wants a user name and a password first, as a server for its own users does.</summary>
    AsksForAuthentication,

    /// <summary>The host does not take the domain for its own.</summary>
    RefusesDomain,

    /// <summary>The host refuses, for another reason.</summary>
    Refuses,

    /// <summary>The host asks to come again.</summary>
    Defers,

    /// <summary>Nobody answered, or nobody who speaks SMTP.</summary>
    Unreachable,
}

/// <summary>One MX host, and who answered there.</summary>
internal sealed record GreetedHost(MailHost Host)
{
    public ProbeVerdict Verdict { get; init; } = ProbeVerdict.Unreachable;

    /// <summary>What kept the dialogue from its end; null when nothing did.</summary>
    public string? Problem { get; init; }

    public Reply? Greeting { get; init; }

    public Reply? Ehlo { get; init; }

    public bool OffersStartTls { get; init; }

    /// <summary>Protocol and certificate, or why there is no TLS; null when it was not tried.</summary>
    public string? Tls { get; init; }

    /// <summary>The reply that decided: to the greeting, EHLO, MAIL or RCPT.</summary>
    public Reply? Answer { get; init; }

    /// <summary>The name with which the server greets (RFC 5321 §4.2).</summary>
    public string? GreetingName => FirstWord(Greeting);

    /// <summary>The name with which it answers EHLO (RFC 5321 §4.1.1.1).</summary>
    public string? EhloName => FirstWord(Ehlo);

    private static string? FirstWord(Reply? reply) =>
        reply is { IsPositive: true, Lines: [var first, ..] } && first.Split(' ', 2)[0] is { Length: > 0 } word ? word : null;
}
