using System.CommandLine;
using Gateway.Exchange;
using Gateway.Lab.Conversations;
using Gateway.Lab.Talking;
using Gateway.Playing;
using Gateway.Sending;
using Gateway.Server.Checking;

namespace Gateway.Commands;

/// <summary><c>gateway play</c>: conversation files, in memory against the whole gateway, or against a server that runs.</summary>
internal static class PlayCommand
{
    private const int DefaultPatience = 30;
    private const string UsualProfile = "standard";

    private static readonly Argument<string[]> Files = new("FILE")
    {
        Description = "A conversation, or a folder: all .smtp files in it and below.",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = PlayArguments.Files,
    };

    private static readonly Option<SendArguments.Server?> To = new("--to")
    {
        Description = "The server to talk to. [default port: 25] [default: the gateway itself with the lab's DNS and smart host, in memory]",
        HelpName = "HOST[:PORT]",
        CustomParser = SendArguments.To,
    };

    private static readonly Option<ConnectMethod> Via = new("--via")
    {
        Description = "How to be the @client of a file before that server: auto (bind to an address of this machine, claim any other with XCLIENT),"
            + " bind, xclient, proxy (a PROXY header, version 2), proxy-v1, or plain (not at all). [default: auto]",
        HelpName = "WAY",
        CustomParser = PlayArguments.Via,
    };

    private static readonly Option<TimeSpan?> Patience = new("--patience")
    {
        Description = $"How long the server may be silent where the file expects a line. [default: {DefaultPatience}]",
        HelpName = "SECONDS",
        CustomParser = SendArguments.Patience,
    };

    private static readonly Option<string> Profile = new("--profile")
    {
        Description = "How the server of --to judges; conversations about receivers with another profile are not played.",
        HelpName = "NAME",
        DefaultValueFactory = static _ => UsualProfile,
    };

    private static readonly Option<string?> As = ExchangeOption.Create();

    private static readonly Option<bool> Json = new("--json") { Description = "Writes for machines: one JSON object on each line." };

    public static Command Create()
    {
        var command = new Command("play", "Plays conversation files and marks the first line that differs.") { Files, To, Via, Profile, Patience, As, Json };
        command.Validators.Add(static result =>
        {
            if (result.GetResult(Via) is { Implicit: false } && result.GetResult(To) is not { Implicit: false })
                result.AddError("--via is about --to: in memory a client has any address");
            if (result.GetResult(Profile) is { Implicit: false } && result.GetResult(To) is not { Implicit: false })
                result.AddError("--profile is about --to: in memory each file has the receiver that it names");
        });
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
            var tells = parsed.GetValue(As) is not null;
            IPerformanceView view = parsed.GetValue(Json)
                ? new PerformanceJson(streams.Output) { TellsAsExchange = tells }
                : new PerformanceView(Terminal.Create(streams.Output)) { TellsAsExchange = tells };
            var patience = parsed.GetValue(Patience) ?? TimeSpan.FromSeconds(DefaultPatience);
            var runner = new ConversationRunner(view, patience);
            var isReached = await PlayAsync(conversations, runner, Server(parsed, patience), parsed.GetValue(Profile)!, cancellationToken);
            runner.Sum();
            return !runner.IsFaithful ? ExitCode.No
                : !isReached || runner.IsEmpty ? ExitCode.CouldNotSay
                : ExitCode.Fine;
        }
        catch (ConversationFormatException mistakes)
        {
            foreach (var problem in mistakes.Problems)
                await streams.Error.WriteLineAsync($"gateway: {problem}");
            return ExitCode.WrongUse;
        }
    }

    private static ClientConnectRequest? Server(ParseResult parsed, TimeSpan patience) => parsed.GetValue(To) is not { } server ? null : new()
    {
        Server = server.Endpoint(isImplicit: false),
        Method = parsed.GetValue(Via),
        HeloName = SendArguments.DefaultHelo(null, null),
        Patience = patience,
    };

    private static async Task<bool> PlayAsync(
        IReadOnlyList<Conversation> conversations, ConversationRunner runner, ClientConnectRequest? server, string profile, CancellationToken cancellationToken)
    {
        foreach (var written in conversations)
        {
            var conversation = server is null ? written : written.ForAnyHost();
            await using IScene scene = server is null ? ConversationRunner.Stage(conversation) : new LiveScene(server, conversation, profile);
            if (scene is LiveScene { Obstacle: { } obstacle })
            {
                runner.PassOver(conversation, obstacle);
                continue;
            }
            // Nobody is there: the next file would meet the same silence.
            if (await runner.PlayAsync(conversation, scene, cancellationToken) is null)
                return false;
        }
        return true;
    }
}
