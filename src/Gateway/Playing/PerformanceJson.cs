using System.Text.Json.Nodes;
using Gateway.Exchange;
using Gateway.Lab.Conversations;
using Gateway.Lab.Exchange;
using Gateway.Lab.Screens;
using Gateway.Lab.Talking;

namespace Gateway.Playing;

/// <summary>The dialogue for machines: an object on each line, as it happens. docs/conversations.md describes them.</summary>
internal sealed class PerformanceJson(TextWriter output) : IPerformanceView
{
    /// <summary>What a sending Exchange 2003 tells of each message that did not arrive comes behind the dialogue.</summary>
    public bool TellsAsExchange { get; init; }

    public void Begin(Conversation conversation, LiveScene? live)
    {
        var begin = Event("begin", conversation);
        begin["title"] = conversation.Title;
        if (live is null)
        {
            begin["client"] = conversation.Setting.Client.ToString();
            begin["profile"] = conversation.Setting.Profile;
        }
        else
        {
            begin["to"] = live.Server;
            begin["passedOver"] = new JsonArray([.. live.PassedOver]);
        }
        Write(begin);
    }

    public void Said(TranscriptLine line) => DialogueJson.Write(output, line);

    public void End(Performance performance)
    {
        if (performance.Difference is { } difference)
        {
            var different = Event("difference", performance.Conversation);
            different["fileLine"] = difference.Line;
            different["expected"] = difference.Expected;
            different["got"] = difference.Got;
            different["partsAt"] = difference.PartsAt;
            if (difference.Hint is { } hint)
                different["hint"] = hint;
            Write(different);
        }
        if (TellsAsExchange)
            foreach (var attempt in performance.Attempts())
                JsonLine.Write(output, new { Event = ExchangeReporter.Name, File = performance.Conversation.Path, Told = ExchangeJson.Of(attempt) });
        End(performance.Conversation, performance.IsFaithful ? "as written" : "different");
    }

    public void Unreachable(Conversation conversation, CannotConnectException reason) => End(conversation, "no connection", reason.Message);

    public void PassOver(Conversation conversation, string reason) => End(conversation, "not played", reason);

    public void Sum(IReadOnlyList<Performance> performances, int passedOver)
    {
    }

    private void End(Conversation conversation, string result, string? reason = null)
    {
        var end = Event("end", conversation);
        end["result"] = result;
        if (reason is not null)
            end["reason"] = reason;
        Write(end);
    }

    private static JsonObject Event(string name, Conversation conversation) => new() { ["event"] = name, ["file"] = conversation.Path };

    private void Write(JsonObject line) => JsonLine.Write(output, line);
}
