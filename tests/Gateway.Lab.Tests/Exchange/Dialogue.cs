using Gateway.Lab.Exchange;
using Gateway.Lab.Talking;

namespace Gateway.Lab.Tests.Exchange;

/// <summary>Dialogues in the notation of conversation files, for one message from KB300171.</summary>
internal static class Dialogue
{
    public static readonly QueuedMessage Queued = new()
    {
        Server = "Server.source.com",
        Sender = "user@source.com",
        Recipients = ["user@destination.com"],
        Date = new(2001, 5, 24, 18, 41, 0, TimeSpan.Zero),
    };

    public static IReadOnlyList<DeliveryAttempt> Read(params IEnumerable<string> lines) => AttemptReader.Read(
        lines.Select(line => new TranscriptLine(TimeSpan.Zero, line[0] == 'C' ? Speaker.Client : Speaker.Server, line[3..])), Queued);

    public static ExchangeReport Told(params IEnumerable<string> lines) => ExchangeReporter.Of(Assert.Single(Read(lines)));
}
