using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;

namespace Gateway.Smtp;

/// <summary>
/// Speaks SMTP with one client: reads commands, asks the handler what SMTP cannot know, and answers. Its state is in the
/// <see cref="Session"/>. Replies to pipelined commands go out together (RFC 2920 §3.2).
/// </summary>
/// <param name="transport">Its owner closes it, after <see cref="RunAsync"/>.</param>
/// <param name="session">The state of this connection.</param>
/// <param name="handler">The product.</param>
/// <param name="time">For the deadline.</param>
[SuppressMessage("Design", "CA1001", Justification = "RunAsync, which is called once, disposes the wire.")]
public sealed partial class SmtpSession(IDuplexPipe transport, Session session, IMailHandler handler, TimeProvider time)
{
    // Replies are held back for one write, but no more of them than this.
    private const int MaxUnflushed = 16 << 10;

    // A client that always has more input must not keep a thread of the pool. After so many commands without a wait, work that has waited
    // longer comes first. An honest transaction has fewer.
    private const int MaxCommandsInOneGo = 100;

    private readonly SmtpServerOptions _options = session.Options;
    private readonly SessionWire _wire = new(transport, time);
    private readonly ServerReplies _replies = ServerReplies.Of(session.Options);
    private CommandReader _reader = new(session.Options.MaxCommandLine);
    private CancellationToken _aborted;
    private Next _next;
    private int _commandsInOneGo;

    /// <summary>What follows the reply that was written last.</summary>
    private enum Next
    {
        /// <summary>A command, or a line of an authentication.</summary>
        Command,

        /// <summary>The message, after 354.</summary>
        Message,

        /// <summary>The TLS handshake, after the 220 of STARTTLS.</summary>
        Handshake,
    }

    /// <summary>Whether the client stopped reading what was written to it. The transport must then be closed without waiting for the client.</summary>
    public bool HasStoppedReading => _wire.HasStoppedReading;

    /// <summary>
    /// Tells whether octets wait that the transport has not read yet, such as those in a socket's receive buffer; null when the transport
    /// has everything.
    /// </summary>
    public Func<bool>? HasUnreadInput { get; init; }

    /// <summary>Serves the client to the end, once. An exception of the handler is answered with 421 and thrown on.</summary>
    /// <param name="stopping">The server stops: a message under way is finished, then the client gets 421.</param>
    /// <param name="aborted">The server dies: nothing is finished.</param>
    public async Task<SessionEnd> RunAsync(CancellationToken stopping, CancellationToken aborted)
    {
        _aborted = aborted;
        await using var wire = _wire;
        using var nudge = stopping.UnsafeRegister(static wire => ((SessionWire)wire!).Nudge(), _wire);
        using var abort = aborted.UnsafeRegister(static wire => ((SessionWire)wire!).Abort(), _wire);
        try
        {
            var (verb, outcome) = (Verb.Unknown, await GreetAsync());
            while (true)
            {
                if (outcome.Reply is { } reply)
                {
                    if (ServerReplies.IsEnd(reply))
                        outcome = outcome with { Reply = reply = session.Signed(reply) };
                    _wire.Write(reply.Wire);
                    session.End ??= outcome.End ?? (reply.Code == 421 ? SessionEnd.Closed : null);
                    handler.Answered(verb, outcome);
                }
                if (session.Transaction is { IsOver: true })
                    await EndTransactionAsync();
                if (session.End is not null || _wire.Lost is not null)
                    break;
                (verb, outcome) = await AnswerAsync(stopping);
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
        return session.End ?? _wire.Lost ?? SessionEnd.Dropped;
    }

    /// <summary>The greeting for a connection, and again for each client that a proxy names by XCLIENT.</summary>
    private async ValueTask<CommandOutcome> GreetAsync()
    {
        if (handler.GreetingWait is { } wait)
        {
            // The wait ends as soon as the client sends something. A client that hangs up meanwhile ends the session as ever.
            if (!_wire.HasInput && wait > TimeSpan.Zero)
                await _wire.ListenAsync(wait);
            session.IsEarlyTalker |= _wire.HasInput;
        }
        var greeting = await handler.ConnectAsync(_aborted);
        // The handler may have waited for the DNS, and the client may have sent something meanwhile.
        session.IsEarlyTalker |= _wire.HasInput;
        // RFC 5321 §3.1. Each command hears the reason, because some clients log only the last reply.
        session.Refusal = greeting.IsRefusal ? new Reply(503, 5, 1, greeting.Reply!.Lines) : null;
        return greeting;
    }

    /// <summary>Waits until the client has sent a command, or its message, and answers it. Without a reply there is nothing to say (any more).</summary>
    private async ValueTask<(Verb Verb, CommandOutcome Outcome)> AnswerAsync(CancellationToken stopping)
    {
        if (_wire.Unflushed > MaxUnflushed)
            await FlushBeforeLongWorkAsync();
        if (_next == Next.Message)
        {
            var message = Begin(isChunked: false);
            return (Verb.Data, await ReceiveAsync(message, long.MaxValue, message.NotAfter) ? await DecideAsync() : default);
        }
        if (_next == Next.Handshake)
            await SecureAsync();
        while (_wire.Lost is null)
        {
            if (stopping.IsCancellationRequested)
                return (Verb.Unknown, new(ServerReplies.Stopping) { End = SessionEnd.Stopping });
            var line = TakeLine(out var command);
            if (line == LineKind.Incomplete)
            {
                // No complete command is here: now the client gets its replies, and we its next commands.
                _commandsInOneGo = 0;
                _wire.Deadline.Start(_options.CommandTimeout);
                await _wire.FlushAsync();
                await _wire.WaitAsync();
                continue;
            }
            if (++_commandsInOneGo > MaxCommandsInOneGo)
            {
                _commandsInOneGo = 0;
                await Task.Yield();
            }
            if (line == LineKind.Response)
                return (Verb.Auth, await RespondAsync(_reader.TakeResponse()!));
            if (line != LineKind.Command)
                return (command.Verb, Unreadable(line));
            var (legal, perform) = Commands[command.Verb];
            var outcome = (legal & session.Phase) != 0 ? await perform(this, command.Argument) : Mistake(OutOfSequence());
            return (command.Verb, EndsGroup(command.Verb) ? InStep(outcome) : outcome);
        }
        return default;
    }

    private LineKind TakeLine(out CommandLine command)
    {
        command = default;
        if (!_wire.TryRead(out var read))
            return LineKind.Incomplete;
        var rest = read.Buffer;
        var kind = session.Exchange is null ? _reader.TryTake(ref rest, out command) : _reader.TryTakeResponse(ref rest);
        if (kind == LineKind.Incomplete)
        {
            _wire.TakeAndWant(read, rest.Start);
            return kind;
        }
        _wire.Take(rest.Start);
        _wire.Deadline.Pause();
        return kind;
    }

    private Reply Unreadable(LineKind line)
    {
        if (session.Exchange is not null)
            return EndExchange(line);
        return Mistake(line switch
        {
            LineKind.TooLong => ServerReplies.LineTooLong,
            LineKind.BareNewline => ServerReplies.BareNewlineInCommand,
            _ => ServerReplies.Garbage,
        });
    }

    /// <summary>Replies to earlier commands do not wait for work that may take long.</summary>
    private async ValueTask FlushBeforeLongWorkAsync()
    {
        if (_wire.Unflushed == 0)
            return;
        _wire.Deadline.Start(_options.CommandTimeout);
        await _wire.FlushAsync();
        _wire.Deadline.Pause();
    }

    private async ValueTask EndTransactionAsync()
    {
        if (session.Transaction is null)
            return;
        await DropContentAsync();
        session.Transaction = null;
        handler.TransactionEnded();
    }

    private ValueTask DropContentAsync() => session.Transaction?.Message?.Content.DisposeAsync() ?? ValueTask.CompletedTask;

    private async ValueTask CloseAsync()
    {
        if (_wire is { Lost: SessionEnd.TimedOut, HasStoppedReading: false })
        {
            await FarewellAsync(ServerReplies.TimedOut);
            return;
        }
        _wire.Deadline.Start(_options.CommandTimeout);
        await _wire.FlushAsync();
    }

    private async ValueTask FarewellAsync(Reply reply)
    {
        reply = session.Signed(reply);
        handler.Answered(Verb.Unknown, reply);
        await _wire.FarewellAsync(reply.Wire);
    }
}
