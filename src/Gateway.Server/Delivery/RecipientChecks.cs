using System.Collections.Concurrent;
using Gateway.Smtp;

namespace Gateway.Server.Delivery;

/// <summary>
/// Checks with a smart host whether a recipient exists, while the client waits, and remembers the answers. The same recipient is asked for once
/// at a time. Without a clear answer the recipient passes, and the delivery will show whether it exists.
/// </summary>
internal sealed class RecipientChecks
{
    /// <summary>
    /// The time for a place, a connection and the answer together. A client would wait five minutes for the reply to RCPT (RFC 5321
    /// §4.5.3.2.3), but should not have to.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan KnownLifetime = TimeSpan.FromHours(1);

    // Short, so that a recipient that was just created does not stay unknown.
    private static readonly TimeSpan UnknownLifetime = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan TemporaryLifetime = TimeSpan.FromSeconds(10);

    // This is also the pause after a smart host could not be asked at all, so that not every recipient waits for it.
    private static readonly TimeSpan NoAnswerLifetime = TimeSpan.FromSeconds(5);

    private const int MostUnderWay = 1000;

    private readonly SmartHostEpisodes _episodes;
    private readonly TimeProvider _time;
    private readonly RecipientAnswers _answers;
    private readonly RecipientCheckers _checkers;
    private readonly ConcurrentDictionary<Mailbox, Lazy<Task<Reply?>>> _underWay = new(RecipientComparer.Instance);
    private long _pausedUntil = long.MinValue;
    private int _count;

    /// <param name="pool">The smart host's connections.</param>
    /// <param name="episodes">Told whether the smart host answers.</param>
    /// <param name="time">The clock.</param>
    /// <param name="before">The checks with the same server until now, whose answers still hold; null without any.</param>
    public RecipientChecks(SmartHostPool pool, SmartHostEpisodes episodes, TimeProvider time, RecipientChecks? before = null)
    {
        _episodes = episodes;
        _time = time;
        _answers = before?._answers ?? new(time);
        _checkers = new(pool, episodes, Pause, time);
    }

    /// <summary>Null when the recipient may pass.</summary>
    public ValueTask<Reply?> AskAsync(ForwardPath recipient, CancellationToken cancellationToken)
    {
        if (_answers.TryGet(recipient.Mailbox, out var refusal))
            return new(refusal);
        return _time.GetTimestamp() < Volatile.Read(ref _pausedUntil) ? default : WaitAsync(recipient, cancellationToken);
    }

    /// <summary>A message to this recipient was refused, so the remembered answer is out of date.</summary>
    public void Forget(ForwardPath recipient) => _answers.Forget(recipient.Mailbox);

    private async ValueTask<Reply?> WaitAsync(ForwardPath recipient, CancellationToken cancellationToken)
    {
        var check = _underWay.GetOrAdd(recipient.Mailbox,
            static (_, state) => new(() => state.Self.RunAsync(state.Recipient)), (Self: this, Recipient: recipient));
        try
        {
            return await check.Value.WaitAsync(Patience, _time, cancellationToken);
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
            var result = await _checkers.AskAsync(recipient);
            return result is RecipientCheckResult.Answered { Reply: var reply } && IsAboutRecipient(reply)
                ? Remember(recipient.Mailbox, reply)
                : Pass(recipient.Mailbox, result);
        }
        finally
        {
            Interlocked.Decrement(ref _count);
            _underWay.TryRemove(recipient.Mailbox, out _);
        }
    }

    private Reply? Remember(Mailbox recipient, Reply reply)
    {
        _episodes.MailAccepted();
        var refusal = reply.IsPositive ? null : SmartHostReply.PassedOn(reply);
        _answers.Put(recipient, refusal, reply.IsPositive ? KnownLifetime : reply.IsTransient ? TemporaryLifetime : UnknownLifetime, isKnown: reply.IsPositive);
        return refusal;
    }

    private Reply? Pass(Mailbox recipient, RecipientCheckResult result)
    {
        if (result is RecipientCheckResult.SenderRefused { Reply: var words })
        {
            Pause();
            if (SmartHostReply.WantsAuthentication(words))
                _episodes.WantsAuthentication(words);
        }
        _answers.Put(recipient, null, NoAnswerLifetime, isKnown: false);
        return null;
    }

    private void Pause() => Volatile.Write(ref _pausedUntil, _time.GetTimestamp() + (long)(NoAnswerLifetime.TotalSeconds * _time.TimestampFrequency));

    /// <summary>
    /// The check has the null sender and comes from this gateway. A reply about the sender (X.1.7, X.1.8), about the protocol (X.5.x, 500 to 504)
    /// or about permission (X.7.x: policy, authentication, greylisting) may be different for the message.
    /// </summary>
    private static bool IsAboutRecipient(Reply reply) => reply switch
    {
        { IsPositive: true } => true,
        { Code: 421 or 500 or 502 or 503 or 504 or 530 or 534 or 535 or 538 } => false,
        { Status: { Subject: 5 or 7 } or { Subject: 1, Detail: 7 or 8 } } => false,
        _ => true,
    };
}
