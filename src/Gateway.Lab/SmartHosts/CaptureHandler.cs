using System.Security.Authentication;
using Gateway.Smtp;

namespace Gateway.Lab.SmartHosts;

/// <summary>The lab's smart host in one connection: yes to everything, unless it was told otherwise.</summary>
internal sealed class CaptureHandler(CapturingSmartHost host, CaptureConnection connection) : IMailHandler
{
    private static readonly Reply Greeting = new(220, null, "smarthost.gateway.test ESMTP captures everything");
    private static readonly Reply SenderOk = new(250, 1, 0, "Sender OK");
    private static readonly Reply RecipientOk = new(250, 1, 5, "Recipient OK");
    private static readonly Reply Captured = new(250, 0, 0, "Captured");

    // RFC 4954 §6.
    private static readonly Reply AuthenticationRequired = new(530, 7, 0, "Authentication required");
    private static readonly Reply Authenticated = new(235, 7, 0, "Authentication successful");
    private static readonly Reply WrongCredentials = new(535, 7, 8, "Authentication credentials invalid");

    private bool _isAuthenticated;

    public async ValueTask<Reply> ConnectAsync(CancellationToken cancellationToken) =>
        await AskAsync(SmartHostPoint.Connect, [], cancellationToken) ?? Greeting;

    public bool MayXclient => false;

    // Whoever talks to the lab's smart host brought it along.
    public bool IsOwnClient => true;

    public ValueTask<Reply> XclientAsync(XclientAttributes attributes, CancellationToken cancellationToken) => ConnectAsync(cancellationToken);

    public ValueTask<Reply?> HeloAsync(Helo helo, CancellationToken cancellationToken) =>
        AskAsync(SmartHostPoint.Ehlo, [], cancellationToken);

    public ValueTask<Reply> AuthenticateAsync(PresentedCredentials credentials, CancellationToken cancellationToken)
    {
        _isAuthenticated = host.Demanded is { } demanded && credentials.Match(new(demanded.User, demanded.Password));
        return ValueTask.FromResult(_isAuthenticated ? Authenticated : WrongCredentials);
    }

    public async ValueTask<Reply> MailAsync(ReversePath sender, MailParameters parameters, CancellationToken cancellationToken) =>
        await AskAsync(SmartHostPoint.Mail, [], cancellationToken)
        ?? (host.Demanded is null || _isAuthenticated ? SenderOk : AuthenticationRequired);

    public async ValueTask<Reply> RecipientAsync(ForwardPath recipient, CancellationToken cancellationToken) =>
        await AskAsync(SmartHostPoint.Rcpt, [recipient], cancellationToken) ?? RecipientOk;

    public async ValueTask<Reply?> DataAsync(Envelope envelope, CancellationToken cancellationToken)
    {
        if (await AskAsync(SmartHostPoint.Data, envelope.Recipients, cancellationToken) is { } refusal)
            return refusal;
        connection.Expect(host.AnswerAt(SmartHostPoint.Body, envelope.Recipients));
        return null;
    }

    public async ValueTask<Reply> MessageAsync(Envelope envelope, MessageContent content, CancellationToken cancellationToken)
    {
        await connection.MeetAsync(cancellationToken);
        var answer = await AskAsync(SmartHostPoint.End, envelope.Recipients, cancellationToken);
        if (answer is { IsPositive: false })
            return answer;
        var file = await host.TakeAsync(envelope, content, cancellationToken);
        // The gateway passes this on to the client: so whoever sent the message reads where it lies.
        return answer ?? (file is null ? Captured : new(250, 0, 0, $"Captured as {file}"));
    }

    /// <summary>What to say at a point, when it is not the usual, at the time to say it.</summary>
    private ValueTask<Reply?> AskAsync(SmartHostPoint point, IReadOnlyList<ForwardPath> recipients, CancellationToken cancellationToken) =>
        host.AnswerAt(point, recipients) is { } answer ? PerformAsync(answer, cancellationToken) : default;

    private async ValueTask<Reply?> PerformAsync(SmartHostAnswer.At answer, CancellationToken cancellationToken)
    {
        await connection.PerformAsync(answer, cancellationToken);
        return (answer as SmartHostAnswer.Says)?.Reply;
    }

    public Reply Signed(Reply refusal) => refusal;

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
