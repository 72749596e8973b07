using Gateway.Smtp;

namespace Gateway.Lab.Exchange;

/// <summary>How far a delivery had come when it failed.</summary>
public enum DeliveryStage
{
    /// <summary>The server refused in the greeting, or the connection broke before it.</summary>
    Greeting,

    /// <summary>EHLO or HELO.</summary>
    Hello,

    /// <summary>AUTH.</summary>
    Authentication,

    /// <summary>MAIL.</summary>
    Sender,

    /// <summary>RCPT.</summary>
    Recipient,

    /// <summary>DATA, or the reply to the end of the message.</summary>
    Message,
}

/// <summary>A recipient that a message did not reach, and why.</summary>
/// <param name="Recipient">The mailbox, without angle brackets.</param>
/// <param name="Stage">How far the delivery had come.</param>
/// <param name="Command">The command that was refused, as it was said; null in the greeting.</param>
/// <param name="Reply">What the server said; null when the connection ended without a reply.</param>
public sealed record DeliveryFailure(string Recipient, DeliveryStage Stage, string? Command, Reply? Reply)
{
    /// <summary>The server will never take the message. Everything else is tried again.</summary>
    public bool IsFinal => Reply is { IsPermanent: true };

    /// <summary>The connection failed as a whole: the sending server got no command through.</summary>
    public bool IsOfConnection => Reply is null || Stage is DeliveryStage.Greeting or DeliveryStage.Hello;

    public string Domain => Recipient[(Recipient.LastIndexOf('@') + 1)..];
}

/// <summary>One message on one SMTP connection that did not reach all its recipients, as the sending server knows it.</summary>
public sealed record DeliveryAttempt
{
    /// <summary>The sending server, as it calls itself in EHLO.</summary>
    public required string Server { get; init; }

    /// <summary>The receiving server, as it calls itself in its greeting; null when it did not greet.</summary>
    public string? RemoteHost { get; init; }

    /// <summary>The return address, without angle brackets; empty for a bounce.</summary>
    public required string Sender { get; init; }

    public required string Subject { get; init; }

    public required DateTimeOffset Date { get; init; }

    public required IReadOnlyList<DeliveryFailure> Failures { get; init; }
}

/// <summary>What the sending server knew of the message before it connected: a dialogue may end before any of it is said.</summary>
public sealed record QueuedMessage
{
    public required string Server { get; init; }

    public required string Sender { get; init; }

    public required IReadOnlyList<string> Recipients { get; init; }

    public string Subject { get; init; } = "";

    public required DateTimeOffset Date { get; init; }
}
