namespace Gateway.Smtp;

/// <summary>
/// The connection is lost, late or does not speak SMTP. It never leaves the client: <see cref="SmtpClient"/> makes it a
/// value. It exists so that it cannot be taken for an error of the disk that a message is read from.
/// </summary>
internal sealed class WireException(string reason) : Exception(reason);
