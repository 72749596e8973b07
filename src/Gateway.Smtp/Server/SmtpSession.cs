using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;

namespace Gateway.Smtp;

/// <summary>
/// One client's session with the server: reads commands, keeps the protocol's state, asks the handler what SMTP cannot
/// know, and answers. Replies to pipelined commands go out together (RFC 2920 §3.2).
/// </summary>
/// <param name="transport">Its owner closes it, after <see cref="RunAsync"/>.</param>
/// <param name="handler">The product.</param>
/// <param name="options">Shared by the listener's sessions.</param>
/// <param name="time">For the deadline.</param>
[SuppressMessage("Design", "CA1001", Justification = "RunAsync, which is called once, disposes the wire.")]
public sealed partial class SmtpSession(IDuplexPipe transport, IMailHandler handler, SmtpServerOptions options, TimeProvider time)
{
    // Replies are held back for one write, but not without end.
    private const int MostUnflushed = 16 << 10;

    // A client that never lets its input run dry must not keep a thread of the pool: after so many commands in one go, who
    // has waited longer comes first. An honest transaction has fewer.
    private const int MostInOneGo = 100;

    private readonly SessionWire _wire = new(transport, time);
    private readonly ServerReplies _replies = ServerReplies.Of(options);
    private CommandReader _reader = new(options.MaxCommandLine);
    private CancellationToken _aborted;
    private Transaction? _transaction;
    private Reply? _refusal;
    private SessionEnd? _end;
    private int _inOneGo;

    /// <summary>How the client introduced itself; null before, and again after STARTTLS and XCLIENT.</summary>
    public Helo? Helo { get; private set; }

    public bool IsSecured => _wire.IsSecured;

    /// <summary>The client did not take what was written to it: whoever closes the transport must not wait until it does.</summary>
    public bool IsDeaf => _wire.IsDeaf;

    /// <summary>The client sent octets before it had seen the greeting (RFC 5321 §4.3.1 tells it to wait).</summary>
    public bool IsEarlyTalker { get; private set; }

    /// <summary>Why a message could not be kept while it arrived, the last such one; its reply was 452.</summary>
    public Exception? StorageFailure { get; private set; }

    /// <summary>The word behind "with" in a trace field (RFC 3848; RFC 6531 §3.7.3).</summary>
    public string Protocol => this switch
    {
        { _transaction.Parameters.SmtpUtf8: true } => $"UTF8SMTP{ProtocolSuffix}",
        { Helo.IsExtended: true } => $"ESMTP{ProtocolSuffix}",
        _ => "SMTP",
    };

    private string ProtocolSuffix => (IsSecured, IsAuthenticated) switch
    {
        (true, true) => "SA",
        (true, false) => "S",
        (false, true) => "A",
        _ => "",
    };

    private Phase Phase => this switch
    {
        { _refusal: not null } => Phase.Refused,
        { Helo: null } => Phase.Start,
        { _transaction: null } => Phase.Ready,
        { _transaction.Message: not null } => Phase.Chunks,
        { _transaction.Recipients: 0 } => Phase.Mail,
        _ => Phase.Recipients,
    };

    /// <summary>Serves the client to the end, once. What the handler throws is answered with 421 and thrown on.</summary>
    /// <param name="stopping">The server stops: a message under way is finished, then 421.</param>
    /// <param name="aborted">The server dies: nothing is finished.</param>
    public async Task<SessionEnd> RunAsync(CancellationToken stopping, CancellationToken aborted)
    {
        _aborted = aborted;
        await using var wire = _wire;
        using var nudge = stopping.UnsafeRegister(static wire => ((SessionWire)wire!).Nudge(), _wire);
        using var abort = aborted.UnsafeRegister(static wire => ((SessionWire)wire!).Abort(), _wire);
        try
        {
            await GreetAsync();
            while (_end is null && _wire.Lost is null)
            {
                if (stopping.IsCancellationRequested)
                    Say(Verb.Unknown, ServerReplies.Stopping, SessionEnd.Stopping);
                else if (TakeLine(out var command) is var line && line != LineKind.Incomplete)
                    await AnswerInTurnAsync(line, command);
                else
                    await WaitAsync();
            }
            await CloseAsync();
        }
        catch (OperationCanceledException) when (aborted.IsCancellationRequested)
        {
            return SessionEnd.Stopping;
        }
        catch (Exception)
        {
            await FarewellAsync(ServerReplies.InternalError);
            throw;
        }
        finally
        {
            await DropContentAsync();
        }
        return _end ?? _wire.Lost ?? SessionEnd.Dropped;
    }

    /// <summary>
    /// Holds the greeting back, for a handler that is asked for it, and listens: true as soon as the client speaks. One that
    /// hangs up meanwhile ends the session as ever.
    /// </summary>
    public async ValueTask<bool> ListenAsync(TimeSpan wait)
    {
        if (!_wire.HasInput && wait > TimeSpan.Zero)
            await _wire.ListenAsync(wait);
        return IsEarlyTalker |= _wire.HasInput;
    }

    private async ValueTask GreetAsync()
    {
        var greeting = await handler.ConnectAsync(_aborted);
        Greeted(greeting);
        Say(Verb.Unknown, greeting);
    }

    /// <summary>The greeting is about to be spoken, the first one or that after XCLIENT.</summary>
    private void Greeted(Reply greeting)
    {
        IsEarlyTalker |= _wire.HasInput;
        // RFC 5321 §3.1. The reason is told at each command, for some clients log only the last reply.
        _refusal = greeting.IsPositive ? null : new Reply(503, 5, 1, greeting.Lines);
    }

    private LineKind TakeLine(out CommandLine command)
    {
        command = default;
        if (!_wire.TryRead(out var read))
            return LineKind.Incomplete;
        var rest = read.Buffer;
        var kind = _exchange is null ? _reader.TryTake(ref rest, out command) : _reader.TryTakeResponse(ref rest);
        if (kind == LineKind.Incomplete)
        {
            _wire.TakeAndWant(read, rest.Start);
            return kind;
        }
        _wire.Take(rest.Start);
        _wire.Deadline.Pause();
        return kind;
    }

    /// <summary>No complete command is here: now the client gets its replies, and we its next commands.</summary>
    private ValueTask WaitAsync()
    {
        _inOneGo = 0;
        _wire.Deadline.Start(options.CommandTimeout);
        return _wire.Unflushed == 0 ? _wire.WaitAsync() : FlushAndWaitAsync();
    }

    private async ValueTask FlushAndWaitAsync()
    {
        await _wire.FlushAsync();
        await _wire.WaitAsync();
    }

    private async ValueTask AnswerInTurnAsync(LineKind line, CommandLine command)
    {
        if (++_inOneGo > MostInOneGo)
        {
            _inOneGo = 0;
            await Task.Yield();
        }
        await AnswerAsync(line, command);
    }

    private async ValueTask AnswerAsync(LineKind line, CommandLine command)
    {
        var reply = line switch
        {
            LineKind.Response => await RespondAsync(_reader.TakeResponse()!),
            not LineKind.Command when _exchange is not null => EndExchange(line),
            LineKind.TooLong => Mistake(ServerReplies.LineTooLong),
            LineKind.BareNewline => Mistake(ServerReplies.BareNewlineInCommand),
            LineKind.Garbage => Mistake(ServerReplies.Garbage),
            _ => await PerformAsync(command),
        };
        if (reply is not null)
            Say(line == LineKind.Response ? Verb.Auth : command.Verb, reply);
        if (_transaction is { IsOver: true })
            await EndTransactionAsync();
        if (_wire.Unflushed > MostUnflushed)
        {
            _wire.Deadline.Start(options.CommandTimeout);
            await _wire.FlushAsync();
        }
    }

    private void Say(Verb verb, Reply reply, SessionEnd? end = null)
    {
        if (ServerReplies.IsEnd(reply))
            reply = handler.Signed(reply);
        _wire.Write(reply.Wire);
        handler.Answered(verb, reply);
        _end ??= end ?? (reply.Code == 421 ? SessionEnd.Closed : null);
    }

    /// <summary>The transaction is gone, if there was one.</summary>
    private async ValueTask EndTransactionAsync()
    {
        if (_transaction is null)
            return;
        await DropContentAsync();
        _transaction = null;
        handler.Reset();
    }

    private ValueTask DropContentAsync() => _transaction?.Message?.Content.DisposeAsync() ?? ValueTask.CompletedTask;

    private async ValueTask CloseAsync()
    {
        if (_wire is { Lost: SessionEnd.TimedOut, IsDeaf: false })
        {
            await FarewellAsync(ServerReplies.TimedOut);
            return;
        }
        _wire.Deadline.Start(options.CommandTimeout);
        await _wire.FlushAsync();
    }

    private async ValueTask FarewellAsync(Reply reply)
    {
        reply = handler.Signed(reply);
        handler.Answered(Verb.Unknown, reply);
        await _wire.FarewellAsync(reply.Wire);
    }
}
