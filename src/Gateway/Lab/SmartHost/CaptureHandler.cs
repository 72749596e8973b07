using System.Security.Authentication;
using Gateway.Smtp;

namespace Gateway.Lab;

/// <summary>The lab's smart host in one connection: yes to everything, unless it was told otherwise.</summary>
internal sealed class CaptureHandler(CapturingSmartHost host) : IMailHandler
{
    private static readonly Reply Greeting = new(220, null, "smarthost.gateway.test ESMTP captures everything");
    private static readonly Reply SenderOk = new(250, 1, 0, "Sender OK");
    private static readonly Reply RecipientOk = new(250, 1, 5, "Recipient OK");
    private static readonly Reply NoUsers = new(535, 7, 8, "Authentication credentials invalid");
    private static readonly Reply Captured = new(250, 0, 0, "Captured");

    public ValueTask<Reply> ConnectAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(host.AnswerAt(SmartHostPoint.Connect) ?? Greeting);

    public bool MayXclient => false;

    public ValueTask<Reply> XclientAsync(XclientAttributes attributes, CancellationToken cancellationToken) => ConnectAsync(cancellationToken);

    public ValueTask<Reply?> HeloAsync(Helo helo, CancellationToken cancellationToken) =>
        ValueTask.FromResult(host.AnswerAt(SmartHostPoint.Ehlo));

    // Never asked: the lab's smart host offers no AUTH.
    public ValueTask<Reply> AuthenticateAsync(PresentedCredentials credentials, CancellationToken cancellationToken) =>
        ValueTask.FromResult(NoUsers);

    public ValueTask<Reply> MailAsync(ReversePath sender, MailParameters parameters, CancellationToken cancellationToken) =>
        ValueTask.FromResult(host.AnswerAt(SmartHostPoint.Mail) ?? SenderOk);

    public ValueTask<Reply> RecipientAsync(ForwardPath recipient, CancellationToken cancellationToken) =>
        ValueTask.FromResult(host.AnswerAt(SmartHostPoint.Rcpt, recipient) ?? RecipientOk);

    public ValueTask<Reply?> DataAsync(Envelope envelope, CancellationToken cancellationToken) =>
        ValueTask.FromResult(host.AnswerAt(SmartHostPoint.Data));

    public async ValueTask<Reply> MessageAsync(Envelope envelope, MessageContent content, CancellationToken cancellationToken)
    {
        if (host.AnswerAt(SmartHostPoint.End) is { IsPositive: false } refusal)
            return refusal;
        var file = await host.TakeAsync(envelope, content, cancellationToken);
        // The gateway passes this on to the client: so whoever sent the message reads where it lies.
        return host.AnswerAt(SmartHostPoint.End) ?? (file is null ? Captured : new(250, 0, 0, $"Captured as {file}"));
    }

    public void Reset()
    {
    }

    public void Secured(SslProtocols protocol, string cipherSuite)
    {
    }

    public void Answered(Verb verb, Reply reply)
    {
    }
}
