using System.Collections.Concurrent;
using Gateway.Smtp;

namespace Gateway.Relay;

/// <summary>
/// Asks a smart host about recipients while its client waits, each at most once at a time, and remembers the answers. Whatever
/// is no clear answer about the recipient lets it pass: delivery will say, and nothing fails that did not fail before.
/// </summary>
internal sealed class RecipientQuestions(SmartHostPool pool, SmartHostEpisodes episodes, TimeProvider time)
{
    /// <summary>For a place, a connection and the answer together: a client at RCPT waits five minutes (RFC 5321 §4.5.3.2.3), but not gladly.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Known = TimeSpan.FromHours(1);

    // Short: who was just made must not stay unknown.
    private static readonly TimeSpan Unknown = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Temporary = TimeSpan.FromSeconds(10);

    // Also the pause after a smart host could not be asked at all: not every recipient is made to wait for that.
    private static readonly TimeSpan Unsaid = TimeSpan.FromSeconds(5);

    private const int MostUnderWay = 1000;

    private readonly RecipientAnswers _answers = new(time);
    private readonly ConcurrentDictionary<Mailbox, Lazy<Task<Reply?>>> _underWay = new(RecipientComparer.Instance);
    private long _pausedUntil = long.MinValue;
    private int _count;

    /// <summary>Null when the recipient may pass.</summary>
    public ValueTask<Reply?> AskAsync(ForwardPath recipient, CancellationToken cancellationToken)
    {
        if (_answers.TryGet(recipient.Mailbox, out var refusal))
            return new(refusal);
        return time.GetTimestamp() < Volatile.Read(ref _pausedUntil) ? default : WaitAsync(recipient, cancellationToken);
    }

    /// <summary>A message to it was refused: what was heard before is out of date.</summary>
    public void Forget(ForwardPath recipient) => _answers.Forget(recipient.Mailbox);

    private async ValueTask<Reply?> WaitAsync(ForwardPath recipient, CancellationToken cancellationToken)
    {
        var question = _underWay.GetOrAdd(recipient.Mailbox,
            static (_, state) => new(() => state.Self.RunAsync(state.Recipient)), (Self: this, Recipient: recipient));
        try
        {
            return await question.Value.WaitAsync(Patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            Pause();
            return null;
        }
    }

    private async Task<Reply?> RunAsync(ForwardPath recipient)
    {
        try
        {
            if (Interlocked.Increment(ref _count) > MostUnderWay)
                return null;
            var result = await AskAsync(recipient);
            return result is AskResult.Answered { Reply: var reply } && IsAboutRecipient(reply)
                ? Remember(recipient.Mailbox, reply)
                : Pass(recipient.Mailbox, result);
        }
        finally
        {
            Interlocked.Decrement(ref _count);
            _underWay.TryRemove(recipient.Mailbox, out _);
        }
    }

    private async Task<AskResult> AskAsync(ForwardPath recipient)
    {
        // What holds the client's wait also ends the question, a little later; only a connection is finished when it was begun.
        using var late = new CancellationTokenSource(Patience, time);
        for (var fresh = false; ; fresh = true)
        {
            Lease lease;
            try
            {
                lease = await pool.RentAsync(Errand.Question, fresh, late.Token);
            }
            catch (OperationCanceledException)
            {
                return new AskResult.Failed("no connection was free");
            }
            if (lease is not { Client: { } client, Server: { } server })
            {
                Pause();
                episodes.Unusable(lease);
                return new AskResult.Failed(lease.Failure ?? "no connection");
            }
            try
            {
                var result = await client.AskAsync(recipient, late.Token);
                if (late.IsCancellationRequested)
                    Pause();
                // A kept connection may have died unseen; a question does no harm when it is asked twice.
                if (result is not AskResult.Failed || !lease.WasReused || fresh || late.IsCancellationRequested)
                    return result;
            }
            finally
            {
                await pool.ReturnAsync(Errand.Question, client, server);
            }
        }
    }

    private Reply? Remember(Mailbox recipient, Reply reply)
    {
        episodes.Took();
        var refusal = reply.IsPositive ? null : SmartHostReply.PassedOn(reply);
        _answers.Put(recipient, refusal, reply.IsPositive ? Known : reply.IsTransient ? Temporary : Unknown, isKnown: reply.IsPositive);
        return refusal;
    }

    private Reply? Pass(Mailbox recipient, AskResult result)
    {
        if (result is AskResult.SenderRefused { Reply: var words })
        {
            Pause();
            if (SmartHostReply.WantsAuthentication(words))
                episodes.WantsAuthentication(words);
        }
        _answers.Put(recipient, null, Unsaid, isKnown: false);
        return null;
    }

    private void Pause() => Volatile.Write(ref _pausedUntil, time.GetTimestamp() + (long)(Unsaid.TotalSeconds * time.TimestampFrequency));

    /// <summary>
    /// The question came from nobody (&lt;&gt;) and from us: what is said about senders (X.1.7, X.1.8), about the protocol
    /// (X.5.x, 500 to 504) or about what somebody may do (X.7.x: policy, authentication, greylisting) may be otherwise for the message.
    /// </summary>
    private static bool IsAboutRecipient(Reply reply) => reply switch
    {
        { IsPositive: true } => true,
        { Code: 421 or 500 or 502 or 503 or 504 or 530 or 534 or 535 or 538 } => false,
        { Status: { Subject: 5 or 7 } or { Subject: 1, Detail: 7 or 8 } } => false,
        _ => true,
    };
}
