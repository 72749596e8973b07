using System.Collections.Concurrent;
using Gateway.Smtp;

namespace Gateway.Server.Delivery;

/// <summary>
/// Asks a smart host about recipients while its client waits, each at most once at a time, and remembers the answers. Whatever
/// is no clear answer about the recipient lets it pass: delivery will say, and nothing fails that did not fail before.
/// </summary>
internal sealed class RecipientQuestions
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

    private readonly SmartHostEpisodes _episodes;
    private readonly TimeProvider _time;
    private readonly RecipientAnswers _answers;
    private readonly RecipientAskers _askers;
    private readonly ConcurrentDictionary<Mailbox, Lazy<Task<Reply?>>> _underWay = new(RecipientComparer.Instance);
    private long _pausedUntil = long.MinValue;
    private int _count;

    /// <param name="pool">The smart host's connections.</param>
    /// <param name="episodes">Hears whether it answers.</param>
    /// <param name="time">The clock.</param>
    /// <param name="before">Has asked the same server until now: its answers still hold.</param>
    public RecipientQuestions(SmartHostPool pool, SmartHostEpisodes episodes, TimeProvider time, RecipientQuestions? before = null)
    {
        _episodes = episodes;
        _time = time;
        _answers = before?._answers ?? new(time);
        _askers = new(pool, episodes, Pause, time);
    }

    /// <summary>Null when the recipient may pass.</summary>
    public ValueTask<Reply?> AskAsync(ForwardPath recipient, CancellationToken cancellationToken)
    {
        if (_answers.TryGet(recipient.Mailbox, out var refusal))
            return new(refusal);
        return _time.GetTimestamp() < Volatile.Read(ref _pausedUntil) ? default : WaitAsync(recipient, cancellationToken);
    }

    /// <summary>A message to it was refused: what was heard before is out of date.</summary>
    public void Forget(ForwardPath recipient) => _answers.Forget(recipient.Mailbox);

    private async ValueTask<Reply?> WaitAsync(ForwardPath recipient, CancellationToken cancellationToken)
    {
        var question = _underWay.GetOrAdd(recipient.Mailbox,
            static (_, state) => new(() => state.Self.RunAsync(state.Recipient)), (Self: this, Recipient: recipient));
        try
        {
            return await question.Value.WaitAsync(Patience, _time, cancellationToken);
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
            var result = await _askers.AskAsync(recipient);
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

    private Reply? Remember(Mailbox recipient, Reply reply)
    {
        _episodes.Took();
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
                _episodes.WantsAuthentication(words);
        }
        _answers.Put(recipient, null, Unsaid, isKnown: false);
        return null;
    }

    private void Pause() => Volatile.Write(ref _pausedUntil, _time.GetTimestamp() + (long)(Unsaid.TotalSeconds * _time.TimestampFrequency));

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
