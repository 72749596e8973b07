namespace Gateway.Smtp;

/// <summary>Counts what a client may do only so often: errors, commands that move no mail, recipients that do not exist, and failed logins.</summary>
/// <param name="options">The limits.</param>
public sealed class SessionLimits(SmtpServerOptions options)
{
    // A client that does not speak SMTP at all makes errors only, so a few of them are enough.
    private const int MaxErrorsBeforeHelo = 10;

    private int _errors;
    private int _idleCommands;
    private int _unknownRecipients;

    public int FailedLogins { get; private set; }

    /// <summary>Counts an error in the protocol. False: the client has made too many.</summary>
    internal bool AllowError(bool isBeforeHelo) =>
        ++_errors <= (isBeforeHelo ? Math.Min(options.MaxErrors, MaxErrorsBeforeHelo) : options.MaxErrors);

    /// <summary>Counts a command that moves no mail (Postfix calls them junk commands). False: the client has sent too many.</summary>
    internal bool AllowIdleCommand() => ++_idleCommands <= options.MaxJunkCommands;

    /// <summary>Whether refused messages have used up the commands that move no mail.</summary>
    internal bool AreIdleCommandsSpent => _idleCommands > options.MaxJunkCommands;

    /// <summary>A message was answered. A message that was taken begins the count of commands that move no mail anew.</summary>
    internal void CountMessage(bool isTaken) => _idleCommands = isTaken ? 0 : _idleCommands + 1;

    /// <summary>Counts a recipient that does not exist. False: the client has asked for too many.</summary>
    public bool AllowUnknownRecipient() => ++_unknownRecipients <= options.MaxUnknownRecipients;

    /// <summary>Counts a login that was refused. False: it was the last one that the client may try.</summary>
    public bool AllowFailedLogin() => ++FailedLogins < options.MaxFailedLogins;

    /// <summary>A proxy names another client, which does not answer for the commands and recipients of the one before.</summary>
    internal void StartOver() => (_idleCommands, _unknownRecipients) = (0, 0);
}
