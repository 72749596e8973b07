using System.Globalization;
using Gateway.Lab.Exchange;
using Gateway.Lab.Talking;

namespace Gateway.Lab.Conversations;

/// <summary>How the client's octets are cut into writes. No cut may change an answer.</summary>
public enum Chunking
{
    Whole,
    Sevens,
    SingleOctets,
}

/// <summary>Where the performance first left the file.</summary>
/// <param name="Line">The line of the file; null past its end.</param>
/// <param name="Expected">What the file says.</param>
/// <param name="Got">What happened instead.</param>
/// <param name="PartsAt">Where in <paramref name="Got"/> they part; null where the two are not lines of one kind.</param>
public sealed record Difference(int? Line, string Expected, string Got, int? PartsAt = null)
{
    /// <summary>What may stand behind it, and what to type then; null where nobody knows.</summary>
    public string? Hint { get; init; }

    /// <summary>A line came, and is not the one that was expected.</summary>
    public static Difference Between(int line, LinePattern expected, string got) => new(line, expected.Text, got, expected.PartsAt(got));
}

/// <summary>What happened when a conversation was played.</summary>
public sealed record Performance(Conversation Conversation, IReadOnlyList<TranscriptLine> Transcript, Difference? Difference)
{
    public bool IsFaithful => Difference is null;

    /// <summary>When it began, on the clock of the scene.</summary>
    public DateTimeOffset Began { get; init; }

    /// <summary>The messages that did not arrive, as the sending server knows them.</summary>
    /// <param name="sender">Of a message that was refused before MAIL; null takes what the file says later, or the article's sender.</param>
    /// <param name="recipient">Of a message that was refused before RCPT; null takes what the file says later, or a user of the receiver.</param>
    public IReadOnlyList<DeliveryAttempt> Attempts(string? sender = null, string? recipient = null) =>
        AttemptReader.Read(Transcript, Conversation.QueuedMessage(Began, sender, recipient));

    /// <summary>The difference with its place, and the transcript that led to it.</summary>
    public override string ToString() => Difference is not { } difference
        ? $"{Conversation.Path}: as written"
        : $"""
            {Conversation.Path}:{difference.Line?.ToString(CultureInfo.InvariantCulture) ?? "end"}: {Conversation.Title}
              expected  {difference.Expected}
              got       {difference.Got}
            {string.Join(Environment.NewLine, Transcript)}
            """;
}
