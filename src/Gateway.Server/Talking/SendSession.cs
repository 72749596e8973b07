namespace Gateway.Server.Talking;

/// <summary>
/// Speaks one SMTP session as a client would, a command at a time, so that the dialogue reads as people know it, and tells every
/// line as it is said.
/// </summary>
public sealed class SendSession(SendRequest request, Action<TranscriptLine> say, TimeProvider time)
{
    private readonly long _begun = time.GetTimestamp();

    public async Task<SendReport> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var approached = await new Approach(text => Say(Speaker.Stage, text), time).OpenAsync(request.Approach, cancellationToken);
            if (approached is not ApproachResult.Reached reached)
                return Failed((ApproachResult.Failed)approached);
            await using var wire = new TalkWire(reached.Connection, Say, request.Approach.Patience, time);
            return await new SendDialogue(request, wire, reached.Way, reached.Tls, Say, time).RunAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return Failed(new("interrupted"));
        }
    }

    private static SendReport Failed(ApproachResult.Failed failed) =>
        new(SendVerdict.Unknown, "CONNECT", failed.Reply) { Problem = failed.Problem };

    private void Say(Speaker speaker, string text) => say(new(time.GetElapsedTime(_begun), speaker, text));
}
