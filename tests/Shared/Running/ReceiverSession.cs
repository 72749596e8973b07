using System.Net;
using System.Text;
using Gateway.Dns;
using Gateway.Lab.Conversations;
using Gateway.Policy;
using Gateway.Smtp;

namespace Gateway.Tests;

/// <summary>What a receiver said to a client, over the whole inbound stack.</summary>
/// <param name="Stage">Where it refused; null when it took the message.</param>
/// <param name="Reply">The refusal's octets; empty when there is none.</param>
/// <param name="Id">The session's id, which stands in some replies.</param>
internal sealed record Answer(Stage? Stage, string Reply, string Id);

/// <summary>A client that says everything up to its first refusal, and then takes its leave as RFC 5321 wants it.</summary>
internal sealed class ReceiverSession(SmtpConnection connection)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static async Task<Answer> PlayAsync(string profile, TestClient client, params FaultChange[] faults)
    {
        var setting = new ConversationSetting { Client = IPAddress.Parse(client.Address), Profile = profile, Faults = faults };
        await using var scene = new MemoryScene(new Conversation(profile, client.Name, [], setting, []));
        var connection = await scene.ConnectAsync(static _ => { }, TestContext.Current.CancellationToken);
        await using var cancelled = connection.EndWith(TestContext.Current.CancellationToken);
        var (stage, reply) = await new ReceiverSession(connection).SayAsync(client);
        await scene.EndAsync(TestContext.Current.CancellationToken);
        Assert.Equal(stage is null ? 1 : 0, scene.TakenBy(smartHost: null).Count);
        return new(stage, reply, scene.Record!.Id);
    }

    private async Task<(Stage? Stage, string Reply)> SayAsync(TestClient client)
    {
        (Stage Stage, string? Command)[] dialogue =
        [
            (Stage.Connect, null),
            (Stage.Helo, $"EHLO {client.Helo}"),
            (Stage.Mail, $"MAIL FROM:<{client.Sender}>"),
            (Stage.Recipient, $"RCPT TO:<{TestClient.Recipient}>"),
            (Stage.Data, "DATA"),
            (Stage.Data, "Subject: hello\r\n\r\nhello\r\n."),
        ];
        foreach (var (stage, command) in dialogue)
        {
            var reply = await AskAsync(command);
            Assert.False(command == "DATA" && reply[0] != '3', $"DATA is always answered 354: {reply}");
            if (reply[0] is not ('4' or '5'))
                continue;
            await LeaveAsync(client, stage, reply);
            return (stage, reply);
        }
        Assert.StartsWith("221 ", await AskAsync("QUIT"), StringComparison.Ordinal);
        return (null, "");
    }

    private async Task LeaveAsync(TestClient client, Stage stage, string refusal)
    {
        if (refusal.StartsWith("421", StringComparison.Ordinal))
        {
            Assert.True((await connection.ReadLineAsync("end", Patience)).IsEmpty);
            return;
        }
        // RFC 5321 §3.1: after a greeting that refuses, everything but QUIT is 503.
        if (stage == Stage.Connect)
            Assert.StartsWith("503", await AskAsync($"EHLO {client.Helo}"), StringComparison.Ordinal);
        Assert.StartsWith("221 ", await AskAsync("QUIT"), StringComparison.Ordinal);
    }

    private async Task<string> AskAsync(string? command)
    {
        if (command is not null)
            await connection.WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"), "command", Patience);
        var reply = new StringBuilder();
        string line;
        do
        {
            line = Encoding.Latin1.GetString((await connection.ReadLineAsync("reply", Patience)).Span);
            Assert.True(line.Length > 0, $"the server hung up after \"{reply}\"");
            reply.Append(line);
        }
        while (line.Length > 3 && line[3] == '-');
        return reply.ToString();
    }
}
