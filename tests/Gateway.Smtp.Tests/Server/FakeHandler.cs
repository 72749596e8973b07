using System.Text;

namespace Gateway.Smtp.Tests.Server;

/// <summary>Accepts everything unless told otherwise, and remembers what it was asked. Replies that are signed end with <see cref="SessionId"/>.</summary>
internal sealed class FakeHandler : IMailHandler
{
    public const string SessionId = "01KK1A2B3C4D5";

    public static readonly Reply Ok = new(250, 0, 0, "OK");

    public Func<ValueTask<Reply>> OnConnect { get; init; } = static () => new(new Reply(220, null, "mx.gateway.test ESMTP"));
    public bool MayXclient { get; init; }
    public bool IsOwnClient { get; set; }
    public TimeSpan? GreetingWait { get; init; }
    public Func<XclientAttributes, Reply> OnXclient { get; init; } = static _ => new Reply(220, null, "mx.gateway.test ESMTP again");
    public Func<Helo, Reply?> OnHelo { get; init; } = static _ => null;
    public Func<PresentedCredentials, ValueTask<Reply>> OnAuthenticate { get; init; } = static _ => new(new Reply(235, 7, 0, "authenticated"));
    public Func<ReversePath, Reply> OnMail { get; init; } = static _ => new Reply(250, 1, 0, "sender OK");
    public Func<ForwardPath, ValueTask<Reply>> OnRecipient { get; init; } = static _ => new(new Reply(250, 1, 5, "recipient OK"));
    public Func<Envelope, Reply?> OnData { get; init; } = static _ => null;
    public Func<string, ValueTask<Reply>> OnMessage { get; init; } = static _ => new(Ok);

    public Func<Verb, Reply?> OnWords { get; init; } = static _ => null;

    public List<string> Asked { get; } = [];
    public List<(Envelope Envelope, string Text)> Messages { get; } = [];
    public List<PresentedCredentials> Presented { get; } = [];
    public List<string> Answers { get; } = [];
    public int Resets { get; private set; }

    private XclientAttributes? _named;

    /// <summary>The state of a connection to this handler.</summary>
    public Session SessionWith(SmtpServerOptions options, string? id = null) => new FakeSession(this, options) { Id = id };

    public async ValueTask<CommandOutcome> ConnectAsync(CancellationToken cancellationToken) => _named is null ? await OnConnect() : OnXclient(_named);

    public void ClientNamed(XclientAttributes attributes)
    {
        _named = attributes;
        Asked.Add($"xclient {attributes}");
    }

    public ValueTask<CommandOutcome> HeloAsync(Helo helo, CancellationToken cancellationToken)
    {
        Asked.Add($"helo {helo.Name}");
        return new(OnHelo(helo));
    }

    public async ValueTask<AuthenticationOutcome> AuthenticateAsync(PresentedCredentials credentials, CancellationToken cancellationToken)
    {
        Asked.Add($"auth {credentials} {Encoding.UTF8.GetString(credentials.Password)}");
        Presented.Add(credentials);
        var reply = await OnAuthenticate(credentials);
        return new(reply, reply.IsPositive ? credentials.UserName : null);
    }

    public ValueTask<CommandOutcome> MailAsync(ReversePath sender, MailParameters parameters, CancellationToken cancellationToken)
    {
        Asked.Add($"mail {sender}");
        return new(OnMail(sender));
    }

    public async ValueTask<CommandOutcome> RecipientAsync(ForwardPath recipient, CancellationToken cancellationToken)
    {
        Asked.Add($"rcpt {recipient}");
        return await OnRecipient(recipient);
    }

    public ValueTask<CommandOutcome> DataAsync(Envelope envelope, CancellationToken cancellationToken)
    {
        Asked.Add($"data {envelope.Recipients.Count}");
        return new(OnData(envelope));
    }

    public async ValueTask<CommandOutcome> MessageAsync(Envelope envelope, MessageContent content, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        await foreach (var piece in content.ReadAsync(cancellationToken))
            text.Append(Encoding.Latin1.GetString(piece.Span));
        Messages.Add((envelope, text.ToString()));
        return await OnMessage(text.ToString());
    }

    public Reply? Words(Verb verb) => OnWords(verb);

    public void TransactionEnded() => Resets++;

    public void Answered(Verb verb, CommandOutcome outcome) => Answers.Add($"{verb} {outcome.Reply}");

    private sealed class FakeSession(FakeHandler handler, SmtpServerOptions options) : Session(options)
    {
        public override bool MayXclient => handler.MayXclient;

        public override bool IsOwnClient => handler.IsOwnClient;
    }
}
