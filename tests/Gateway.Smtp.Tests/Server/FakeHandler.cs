using System.Security.Authentication;
using System.Text;

namespace Gateway.Smtp.Tests.Server;

/// <summary>Accepts everything unless told otherwise, and remembers what it was asked.</summary>
internal sealed class FakeHandler : IMailHandler
{
    public static readonly Reply Ok = new(250, 0, 0, "OK");

    public Func<ValueTask<Reply>> OnConnect { get; init; } = static () => new(new Reply(220, null, "mx.gateway.test ESMTP"));
    public bool MayXclient { get; init; }
    public bool IsOwnClient { get; set; }
    public Func<Reply, Reply> OnSigned { get; init; } = static refusal => refusal;
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

    public ValueTask<Reply> ConnectAsync(CancellationToken cancellationToken) => OnConnect();

    public ValueTask<Reply> XclientAsync(XclientAttributes attributes, CancellationToken cancellationToken)
    {
        Asked.Add($"xclient {attributes}");
        return new(OnXclient(attributes));
    }

    public ValueTask<Reply?> HeloAsync(Helo helo, CancellationToken cancellationToken)
    {
        Asked.Add($"helo {helo.Name}");
        return new(OnHelo(helo));
    }

    public ValueTask<Reply> AuthenticateAsync(PresentedCredentials credentials, CancellationToken cancellationToken)
    {
        Asked.Add($"auth {credentials} {Encoding.UTF8.GetString(credentials.Password)}");
        Presented.Add(credentials);
        return OnAuthenticate(credentials);
    }

    public ValueTask<Reply> MailAsync(ReversePath sender, MailParameters parameters, CancellationToken cancellationToken)
    {
        Asked.Add($"mail {sender}");
        return new(OnMail(sender));
    }

    public ValueTask<Reply> RecipientAsync(ForwardPath recipient, CancellationToken cancellationToken)
    {
        Asked.Add($"rcpt {recipient}");
        return OnRecipient(recipient);
    }

    public ValueTask<Reply?> DataAsync(Envelope envelope, CancellationToken cancellationToken)
    {
        Asked.Add($"data {envelope.Recipients.Count}");
        return new(OnData(envelope));
    }

    public async ValueTask<Reply> MessageAsync(Envelope envelope, MessageContent content, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        await foreach (var piece in content.ReadAsync(cancellationToken))
            text.Append(Encoding.Latin1.GetString(piece.Span));
        Messages.Add((envelope, text.ToString()));
        return await OnMessage(text.ToString());
    }

    public Reply? Words(Verb verb) => OnWords(verb);

    public Reply Signed(Reply refusal) => OnSigned(refusal);

    public void Reset() => Resets++;

    public void Secured(SslProtocols protocol, string cipherSuite) => Asked.Add($"secured {cipherSuite}");

    public void Answered(Verb verb, Reply reply) => Answers.Add($"{verb} {reply}");
}
