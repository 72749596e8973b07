using System.CommandLine;
using System.Net;
using Gateway.Cli.Playing;
using Gateway.Lab;

namespace Gateway.Cli;

/// <summary><c>gateway play</c>: conversation files, in memory against the whole gateway, or against a server that runs.</summary>
internal static class PlayCommand
{
    private const int DefaultPatience = 30;

    private static readonly Argument<string[]> Files = new("FILE")
    {
        Description = "A conversation, or a folder: all .smtp files in it and below.",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = PlayArguments.Files,
    };

    private static readonly Option<DnsEndPoint?> To = new("--to")
    {
        Description = "The server to talk to. [default: the gateway itself, with the lab's DNS and smart host, in memory]",
        HelpName = "HOST:PORT",
        CustomParser = PlayArguments.Server,
    };

    private static readonly Option<TimeSpan> Patience = new("--patience")
    {
        Description = $"How many seconds the server may be silent where the file expects a line. [default: {DefaultPatience}]",
        HelpName = "SECONDS",
        CustomParser = PlayArguments.Seconds,
        DefaultValueFactory = static _ => TimeSpan.FromSeconds(DefaultPatience),
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Writes for machines: one JSON object on each line." };

    public static Command Create()
    {
        var command = new Command("play", "Plays conversation files and marks the first line that differs.") { Files, To, Patience, Json };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var streams = parsed.InvocationConfiguration;
        try
        {
            // All are read before one is played: a mistake in the last is not told after an hour.
            var conversations = ConversationFiles.Read(parsed.GetValue(Files)!);
            IPerformanceView view = parsed.GetValue(Json) ? new PerformanceJson(streams.Output) : new PerformanceView(Terminal.Create(streams.Output));
            var theatre = new Theatre(view, parsed.GetValue(Patience));
            var couldNotSay = await PlayAsync(conversations, theatre, parsed.GetValue(To), cancellationToken);
            theatre.Sum();
            return !theatre.IsFaithful ? ExitCode.No
                : couldNotSay ? ExitCode.CouldNotSay
                : ExitCode.Fine;
        }
        catch (ConversationFormatException mistakes)
        {
            foreach (var problem in mistakes.Problems)
                await streams.Error.WriteLineAsync($"gateway: {problem}");
            return ExitCode.WrongUse;
        }
    }

    private static async Task<bool> PlayAsync(
        IReadOnlyList<Conversation> conversations, Theatre theatre, DnsEndPoint? server, CancellationToken cancellationToken)
    {
        foreach (var conversation in conversations)
        {
            await using IScene scene = server is null ? Theatre.Stage(conversation) : Theatre.Reach(server);
            // Nobody is there: the next file would meet the same silence.
            if (await theatre.PlayAsync(conversation, scene, server is null ? null : $"{server.Host}:{server.Port}", cancellationToken) is null)
                return true;
        }
        return false;
    }
}
