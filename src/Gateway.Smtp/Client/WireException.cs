namespace Gateway.Smtp;

/// <summary>
/// The connection is lost, late or does not speak SMTP. It never leaves the client: <see cref="SmtpClient"/> makes it a
/// value. It exists so that it cannot be taken for an error of the disk that a message is read from.
/// </summary>
internal sealed class WireException(string reason) : Exception(reason)
{
    /// <summary>The replies do not fit the commands, so that none of them can be believed.</summary>
    public bool IsOutOfStep { get; private init; }

    /// <summary>Something could not be written; what the server has said before may still be read.</summary>
    public bool IsOfWriting { get; init; }

    public static WireException OutOfStep(string reason) => new(reason) { IsOutOfStep = true };
}
