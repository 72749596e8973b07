using Gateway.Policy;
using Gateway.Policy.Profiles;
using Gateway.Smtp;

namespace Gateway.Server.Inbound;

/// <summary>
/// Which policy judges a session: the listener's; once a transaction has a recipient whose domain names another, that one; and none
/// where the client is one of ours.
/// </summary>
internal sealed class SessionPolicy(InboundListener listener, SessionRecord record, SessionClient client, TimeProvider time)
{
    private readonly ReplyContext _context = new(listener.HostName, record.Id, listener.ExplainUrl)
    {
        Started = TimeZoneInfo.ConvertTime(record.Started, time.LocalTimeZone),
    };

    private readonly bool _hasDialogue = listener.Engine.Profile.Dialogue is not null;
    private PolicyEngine _engine = listener.Engine;

    /// <summary>How the message's Received field is written.</summary>
    public ReceivedStyle Received => _engine.Profile.Received;

    /// <summary>How long the greeting is held back; null: not at all.</summary>
    public TimeSpan? GreetingWait => client.Exemption is null ? listener.Engine.GreetingWait(client.Facts) : null;

    /// <summary>What a client hears that nobody refuses.</summary>
    public Reply Greeting => listener.Engine.Welcome(client.Facts, _context) ?? listener.Greeting;

    /// <summary>The profile's words where nobody is refused; null when it has none. They are those of the listener, whoever judges the recipient.</summary>
    public Reply? Words(DialogueStep step) => _hasDialogue ? listener.Engine.Words(step, client.Facts, _context) : null;

    /// <summary>Null when the client may go on.</summary>
    public async ValueTask<Reply?> JudgeAsync(Stage stage, CancellationToken cancellationToken)
    {
        var verdict = client.Exemption is { } finding ? new(Decision.Accept, null, finding, [finding]) : await _engine.JudgeAsync(stage, client.Facts, _context, cancellationToken);
        record.Judged(verdict);
        return verdict.Reply;
    }

    /// <summary>Null when it is known who judges the recipient. A message has one fate, so all its recipients have one judge.</summary>
    /// <param name="recipient">Who is about to be judged.</param>
    /// <param name="isFirst">No other was accepted in this transaction.</param>
    public Reply? ChooseFor(ForwardPath recipient, bool isFirst)
    {
        if (listener.ByRecipient is not { } profiles || client.Exemption is not null)
            return null;
        var (engine, name) = profiles.JudgeOf(recipient, listener.Engine);
        if (engine is null)
            return profiles.Unknown(name!);
        if (!isFirst && engine != _engine)
            return InboundReplies.AnotherReceiver;
        if (engine != _engine)
            engine.Prepare(client.Facts);
        _engine = engine;
        record.JudgedBy(engine.Profile.Name);
        return null;
    }

    /// <summary>The transaction is gone, and with it the recipients.</summary>
    public void Reset() => _engine = listener.Engine;
}
