using System.Text;
using Gateway.Policy;
using Gateway.Policy.Profiles;
using Gateway.Tests;

namespace Gateway.Lab.Tests.Profiles;

/// <summary>
/// receivers.txt: what every receiver says to every client, a block each. Clients that hear the same stand together; <c>{ip}</c> is the client's
/// address, <c>{id}</c> the session's id.
/// </summary>
internal static class ReceiverTable
{
    private static readonly string File = Path.Combine(Repository.Root, "tests", "Gateway.Lab.Tests", "Profiles", "receivers.txt");

    /// <summary>The blocks by the names of their receivers.</summary>
    public static IReadOnlyDictionary<string, string> Expected { get; } = System.IO.File.ReadAllText(File)
        .Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
        .Where(block => !block.StartsWith('#'))
        .ToDictionary(block => block.Split('\n')[0], block => block.TrimEnd('\n'));

    public static string Block(Profile profile, IReadOnlyList<(TestClient Client, Answer Answer)> answers)
    {
        var block = new StringBuilder(profile.Name);
        if (profile.Source is { } source)
            block.Append("\n  known from ").Append(source);
        foreach (var heard in answers.GroupBy(one => (one.Answer.Stage, Reply: General(one.Client, one.Answer))))
        {
            block.Append("\n  ").Append(Word(heard.Key.Stage)).Append(": ").AppendJoin(", ", heard.Select(one => one.Client.Name));
            foreach (var line in heard.Key.Reply.Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
                block.Append("\n    ").Append(line);
        }
        return block.ToString();
    }

    private static string General(TestClient client, Answer answer) =>
        answer.Reply.Replace(answer.Id, "{id}", StringComparison.Ordinal).Replace(client.Address, "{ip}", StringComparison.Ordinal);

    private static string Word(Stage? stage) => stage switch
    {
        null => "accepts",
        Stage.Connect => "in the greeting",
        Stage.Helo => "at EHLO",
        Stage.Mail => "at MAIL",
        Stage.Recipient => "at RCPT",
        _ => "at the end of data",
    };
}
