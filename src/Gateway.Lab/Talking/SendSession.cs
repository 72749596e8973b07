using Gateway.Smtp;

namespace Gateway.Lab.Talking;

/// <summary>
/// Speaks one SMTP session as a client would, one command at a time, so that the dialogue reads as people know it. Every line is reported as
/// soon as it is sent or received.
/// </summary>
public sealed class SendSession(SendRequest request, Action<TranscriptLine> say, TimeProvider time)
{
    private readonly long _begun = time.GetTimestamp();

    public async Task<SendReport> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var approached = await new ClientConnector(text => Say(Speaker.Stage, text), time).OpenAsync(request.Connect, cancellationToken);
            if (approached is not ClientConnectResult.Reached reached)
                return Failed((ClientConnectResult.Failed)approached);
            await using var connection = reached.Connection;
            var dialogue = new SmtpDialogue(connection, request.Connect.Patience, line => Say(Speaker.Client, line), line => Say(Speaker.Server, line));
            await using var cancelled = connection.EndWith(cancellationToken);
            return await new SendDialogue(request, dialogue, reached, Say).RunAsync();
        }
        catch (SmtpConnectionException interrupted) when (interrupted.Failure == SmtpConnectionFailure.Cancelled)
        {
            return Failed(new("interrupted"));
        }
    }

    private static SendReport Failed(ClientConnectResult.Failed failed) =>
        new(SendVerdict.Unknown, "CONNECT", failed.Reply) { Problem = failed.Problem };

    private void Say(Speaker speaker, ReadOnlySpan<byte> line) => Say(speaker, TranscriptLine.Shown(line));

    private void Say(Speaker speaker, string text) => say(new(time.GetElapsedTime(_begun), speaker, text));
}
