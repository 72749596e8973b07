using Gateway.Smtp;

namespace Gateway.Lab.SmartHosts;

/// <summary>Answers for the lab's smart host on one connection: it accepts everything, unless it was told otherwise.</summary>
internal sealed class CaptureHandler(CapturingSmartHost host, CaptureConnection connection, Session session) : IMailHandler
{
    private static readonly Reply Greeting = new(220, null, "smarthost.gateway.test ESMTP captures everything");
    private static readonly Reply SenderOk = new(250, 1, 0, "Sender OK");
    private static readonly Reply RecipientOk = new(250, 1, 5, "Recipient OK");
    private static readonly Reply Captured = new(250, 0, 0, "Captured");

    // RFC 4954 §6.
    private static readonly Reply AuthenticationRequired = new(530, 7, 0, "Authentication required");
    private static readonly Reply Authenticated = new(235, 7, 0, "Authentication successful");
    private static readonly Reply WrongCredentials = new(535, 7, 8, "Authentication credentials invalid");

    public async ValueTask<CommandOutcome> ConnectAsync(CancellationToken cancellationToken) =>
        await AskAsync(SmartHostPoint.Connect, [], cancellationToken) ?? Greeting;

    public void ClientNamed(XclientAttributes attributes) => throw new NotSupportedException("no client of the lab's smart host may use XCLIENT");

    public async ValueTask<CommandOutcome> HeloAsync(Helo helo, CancellationToken cancellationToken) =>
        await AskAsync(SmartHostPoint.Ehlo, [], cancellationToken);

    public ValueTask<AuthenticationOutcome> AuthenticateAsync(PresentedCredentials credentials, CancellationToken cancellationToken) =>
        new(host.Demanded is { } demanded && credentials.Match(new(demanded.User, demanded.Password))
            ? new AuthenticationOutcome(Authenticated, demanded.User)
            : new AuthenticationOutcome(WrongCredentials, null));

    public async ValueTask<CommandOutcome> MailAsync(ReversePath sender, MailParameters parameters, CancellationToken cancellationToken) =>
        await AskAsync(SmartHostPoint.Mail, [], cancellationToken)
        ?? (host.Demanded is null || session.User is not null ? SenderOk : AuthenticationRequired);

    public async ValueTask<CommandOutcome> RecipientAsync(ForwardPath recipient, CancellationToken cancellationToken) =>
        await AskAsync(SmartHostPoint.Rcpt, [recipient], cancellationToken) ?? RecipientOk;

    public async ValueTask<CommandOutcome> DataAsync(Envelope envelope, CancellationToken cancellationToken)
    {
        if (await AskAsync(SmartHostPoint.Data, envelope.Recipients, cancellationToken) is { } refusal)
            return refusal;
        connection.Expect(host.AnswerAt(SmartHostPoint.Body, envelope.Recipients));
        return default;
    }

    public async ValueTask<CommandOutcome> MessageAsync(Envelope envelope, MessageContent content, CancellationToken cancellationToken)
    {
        await connection.MeetAsync(cancellationToken);
        var answer = await AskAsync(SmartHostPoint.End, envelope.Recipients, cancellationToken);
        if (answer is { IsPositive: false })
            return answer;
        var file = await host.TakeAsync(envelope, content, cancellationToken);
        // The gateway passes this reply on, so the sender of the message reads where it lies.
        return answer ?? (file is null ? Captured : new(250, 0, 0, $"Captured as {file}"));
    }

    /// <summary>Waits and fails at a point as the smart host was told to. The reply is null when the usual one is to be said.</summary>
    private ValueTask<Reply?> AskAsync(SmartHostPoint point, IReadOnlyList<ForwardPath> recipients, CancellationToken cancellationToken) =>
        host.AnswerAt(point, recipients) is { } answer ? PerformAsync(answer, cancellationToken) : default;

    private async ValueTask<Reply?> PerformAsync(SmartHostAnswer.At answer, CancellationToken cancellationToken)
    {
        await connection.PerformAsync(answer, cancellationToken);
        return (answer as SmartHostAnswer.Says)?.Reply;
    }
}
