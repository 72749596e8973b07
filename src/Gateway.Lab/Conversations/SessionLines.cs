using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Policy.Advising;
using Gateway.Server.Inbound;
using Gateway.Server.Journal;

namespace Gateway.Lab.Conversations;

/// <summary>What is known of a session and of its client, as lines that patterns can be laid against.</summary>
internal static class SessionLines
{
    /// <summary>The journal's document, a line for each value: <c>refusals[0].reply: 550 …</c>.</summary>
    public static IReadOnlyList<string> Of(SessionRecord session)
    {
        var lines = new List<string>();
        Flatten(JsonSerializer.SerializeToNode(SessionDescription.Of(session), JournalJson.Default.SessionDocument), "", lines);
        return lines;
    }

    /// <summary>Each record on a line of its own, and each reason with who can do something about it.</summary>
    public static IReadOnlyList<string> Of(Remedy remedy) =>
        [.. remedy.Advice.SelectMany(static advice => new[] { advice.Record, $"{advice.Publisher}: {advice.Reason}" }).OfType<string>()];

    private static void Flatten(JsonNode? node, string path, List<string> lines)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members)
                    Flatten(value, path.Length == 0 ? name : $"{path}.{name}", lines);
                break;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                    Flatten(items[i], $"{path}[{i}]", lines);
                break;
            case not null:
                lines.Add($"{path}: {Escapes.Show(System.Text.Encoding.UTF8.GetBytes(node.ToString()))}");
                break;
        }
    }
}
