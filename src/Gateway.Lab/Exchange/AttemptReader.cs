using System.Globalization;
using System.Text;
using Gateway.Lab.Talking;
using Gateway.Smtp;

namespace Gateway.Lab.Exchange;

/// <summary>
/// Reads a dialogue as the sending server would, and finds the messages that were not delivered. It pairs replies with
/// commands in their order, so it understands pipelining too.
/// </summary>
public sealed class AttemptReader
{
    // RFC 5321 §4.1.1.4: the line that ends a message is answered like a command.
    private const string EndOfMessage = ".";

    private readonly QueuedMessage _queued;
    private readonly List<DeliveryAttempt> _attempts = [];
    private readonly Queue<string> _unanswered = new();
    private readonly List<string> _reply = [];
    private readonly List<DeliveryFailure> _failures = [];
    private readonly List<string> _accepted = [];
    private TimeSpan _at;
    private string? _remoteHost;
    private string? _server;
    private string? _sender;
    private (DeliveryStage Stage, string? Command, Reply? Reply)? _refusedConnection;
    private bool _isConnected;
    private bool _isInMessage;
    private long _chunk;

    private AttemptReader(QueuedMessage queued) => _queued = queued;

    /// <param name="dialogue">One connection, or several one after the other.</param>
    /// <param name="queued">The message in the queue, for what the dialogue does not contain.</param>
    public static IReadOnlyList<DeliveryAttempt> Read(IEnumerable<TranscriptLine> dialogue, QueuedMessage queued)
    {
        var reader = new AttemptReader(queued);
        foreach (var line in dialogue)
        {
            reader._at = line.At;
            if (line.Speaker == Speaker.Client)
                reader.Said(line.Text);
            else if (line.Speaker == Speaker.Server)
                reader.Heard(line.Text);
        }
        reader.EndConnection();
        return reader._attempts;
    }

    /// <summary>The attempt in which the server closed the connection before its greeting.</summary>
    public static DeliveryAttempt Dropped(QueuedMessage queued)
    {
        var reader = new AttemptReader(queued) { _refusedConnection = (DeliveryStage.Greeting, null, null) };
        reader.EndConnection();
        return reader._attempts[0];
    }

    private void Said(string line)
    {
        if (_chunk > 0)
            _chunk -= Encoding.UTF8.GetByteCount(line) + 2;
        else if (!_isInMessage)
        {
            _unanswered.Enqueue(line);
            if (Verb(line) == "BDAT" && line.Split(' ') is [_, var size, ..] && long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var octets))
                _chunk = octets;
        }
        else if (line == EndOfMessage)
        {
            _isInMessage = false;
            _unanswered.Enqueue(line);
        }
    }

    private void Heard(string line)
    {
        if (line is not [>= '2' and <= '5', >= '0' and <= '9', >= '0' and <= '9', ..])
            return;
        _reply.Add(line);
        if (line is [_, _, _, '-', ..])
            return;
        var reply = ReplyReader.Parse(Encoding.Latin1.GetBytes(string.Join("\r\n", _reply)));
        _reply.Clear();
        if (_unanswered.TryDequeue(out var command))
            Answered(command, reply);
        else if (_isConnected && reply.Code == 421)
            Lost(reply);
        else
            Greeted(reply);
    }

    // A reply without a command is the greeting of the next connection.
    private void Greeted(Reply reply)
    {
        EndConnection();
        _isConnected = true;
        if (reply.IsPositive)
            _remoteHost = reply.Lines[0].Split(' ')[0] is { Length: > 0 } name ? name : null;
        else
            _refusedConnection = (DeliveryStage.Greeting, null, reply);
    }

    private void Answered(string command, Reply reply)
    {
        switch (Verb(command))
        {
            case "EHLO" or "HELO":
                _server = command.Length > 5 ? command[5..].Trim() : null;
                Opened(DeliveryStage.Hello, command, reply);
                break;
            // The client's responses in AUTH are not commands, and are never shown.
            case "AUTH":
                Opened(DeliveryStage.Authentication, "AUTH", reply);
                break;
            case "MAIL" when _refusedConnection is not { Stage: DeliveryStage.Greeting }:
                Mail(command, reply);
                break;
            case "RCPT" when _sender is not null:
                Recipient(command, reply);
                break;
            case "DATA" when reply.Code == 354:
                _isInMessage = true;
                break;
            case "DATA" or EndOfMessage or "BDAT":
                Message(command, reply);
                break;
            case "RSET":
                EndTransaction();
                break;
            case "QUIT":
                EndConnection();
                break;
            case not "STARTTLS" when _refusedConnection is { Stage: DeliveryStage.Authentication } || reply.Code is 235 or 535:
                Opened(DeliveryStage.Authentication, "AUTH", reply);
                break;
        }
    }

    // A refusal in the greeting is final. A refused EHLO may be followed by HELO, and a failed login by another.
    private void Opened(DeliveryStage stage, string command, Reply reply)
    {
        if (_refusedConnection is { Stage: DeliveryStage.Greeting })
            return;
        _refusedConnection = reply.IsPositive ? null : (stage, command, reply);
    }

    private void Mail(string command, Reply reply)
    {
        EndTransaction();
        _refusedConnection = null;
        _sender = Path(command);
        if (reply.IsPositive)
            return;
        foreach (var recipient in _queued.Recipients)
            _failures.Add(new(recipient, DeliveryStage.Sender, command, reply));
        EndTransaction();
    }

    private void Recipient(string command, Reply reply)
    {
        if (reply.IsPositive)
            _accepted.Add(Path(command));
        else
            _failures.Add(new(Path(command), DeliveryStage.Recipient, command, reply));
    }

    private void Message(string command, Reply reply)
    {
        if (!reply.IsPositive)
            foreach (var recipient in _accepted)
                _failures.Add(new(recipient, DeliveryStage.Message, command == EndOfMessage ? "DATA" : command, reply));
        if (!reply.IsPositive || command == EndOfMessage || command.EndsWith("LAST", StringComparison.OrdinalIgnoreCase))
            EndTransaction();
    }

    // The server closed the connection, or the connection broke, so the current message was not delivered.
    private void Lost(Reply? reply)
    {
        if (_sender is not null)
            foreach (var recipient in _accepted.DefaultIfEmpty(_queued.Recipients[0]))
                _failures.Add(new(recipient, DeliveryStage.Message, null, reply));
        else
            _refusedConnection ??= (DeliveryStage.Hello, null, reply);
        EndTransaction();
    }

    private void EndTransaction()
    {
        if (_failures.Count > 0)
            _attempts.Add(Attempt([.. _failures], _sender ?? _queued.Sender));
        _failures.Clear();
        _accepted.Clear();
        _sender = null;
    }

    private void EndConnection()
    {
        if (_unanswered.TryPeek(out var command) && Verb(command) != "QUIT")
            Lost(null);
        EndTransaction();
        if (_refusedConnection is { } refused)
            _attempts.Add(Attempt([.. _queued.Recipients.Select(recipient => new DeliveryFailure(recipient, refused.Stage, refused.Command, refused.Reply))], _queued.Sender));
        _unanswered.Clear();
        (_refusedConnection, _remoteHost, _server) = (null, null, null);
        (_isConnected, _isInMessage, _chunk) = (false, false, 0);
    }

    private DeliveryAttempt Attempt(IReadOnlyList<DeliveryFailure> failures, string sender) => new()
    {
        Server = _server ?? _queued.Server,
        RemoteHost = _remoteHost,
        Sender = sender,
        Subject = _queued.Subject,
        Date = _queued.Date + _at,
        Failures = failures,
    };

    private static string Verb(string line) => line.Split(' ')[0].ToUpperInvariant();

    // "MAIL FROM:<user@source.com> SIZE=9", or as typed by hand, "rcpt to:user@destination.com".
    internal static string Path(string command)
    {
        var path = command[(command.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        var end = path.LastIndexOf('>');
        return path.StartsWith('<') && end > 0 ? path[1..end] : path.Split(' ')[0];
    }
}
