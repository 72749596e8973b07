namespace Gateway.Smtp;

/// <summary>Why a connection to a server cannot be used as it was meant to be.</summary>
public enum SmtpConnectionFailure
{
    /// <summary>The connection could not be made, or was closed or broken.</summary>
    Lost,

    /// <summary>Octets could not be written. What the server has said before may still be read.</summary>
    NotWritten,

    /// <summary>The limit of the phase has passed.</summary>
    TimedOut,

    /// <summary>The caller does not wait any longer.</summary>
    Cancelled,

    /// <summary>The server's replies do not fit the commands, or are no replies at all, so that none of them can be believed.</summary>
    OutOfStep,

    /// <summary>The TLS handshake failed, the certificate is not the right one, or TLS is not offered.</summary>
    NoTls,
}

/// <summary>
/// The connection is lost, late or does not speak SMTP. <see cref="SmtpClient"/> turns this exception into a value. The type exists so that
/// such a failure cannot be taken for an error of the disk that a message is read from.
/// </summary>
/// <param name="failure">The kind of failure.</param>
/// <param name="problem">What happened, as a sentence. It holds no control characters of the server.</param>
/// <param name="phase">The command or step during which it happened; null where the problem names it.</param>
public sealed class SmtpConnectionException(SmtpConnectionFailure failure, string problem, string? phase = null)
    : Exception(phase is null ? problem : $"{phase}: {problem}")
{
    public SmtpConnectionFailure Failure => failure;

    /// <summary>What happened, without the phase, for a reader who sees the dialogue.</summary>
    public string Problem => problem;

    internal static SmtpConnectionException OutOfStep(string problem, string? phase = null) => new(SmtpConnectionFailure.OutOfStep, problem, phase);
}
