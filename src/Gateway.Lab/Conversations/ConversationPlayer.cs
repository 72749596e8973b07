using Gateway.Lab.Talking;
using Gateway.Smtp;

namespace Gateway.Lab.Conversations;

/// <summary>
/// Plays the client's part of a conversation and compares what the server says with what the file says it says, up to the
/// first difference.
/// </summary>
/// <param name="time">For the times in the transcript.</param>
/// <param name="patience">How long the server may be silent where the file expects a line.</param>
/// <param name="said">Told of each line of the transcript while it happens.</param>
public sealed class ConversationPlayer(TimeProvider time, TimeSpan patience, Action<TranscriptLine>? said = null)
{
    /// <exception cref="CannotConnectException">The server cannot be reached.</exception>
    public async Task<Performance> PlayAsync(
        Conversation conversation, IScene scene, Chunking chunking, CancellationToken cancellationToken)
    {
        var (begun, began) = (time.GetTimestamp(), time.GetLocalNow());
        var transcript = new List<TranscriptLine>();
        await using var part = new ClientPart(scene, Open, Say);
        var difference = await part.PlayAsync(conversation.Steps, cancellationToken);
        return new(conversation, transcript, difference is null ? null : difference with { Hint = scene.HintAt(transcript) }) { Began = began };

        ConversationConnection Open(SmtpConnection connection) =>
            new(connection, conversation.Setting.IsWhole ? Chunking.Whole : chunking, patience, cancellationToken);

        void Say(Speaker speaker, string text)
        {
            var line = new TranscriptLine(time.GetElapsedTime(begun), speaker, text);
            transcript.Add(line);
            said?.Invoke(line);
        }
    }
}
