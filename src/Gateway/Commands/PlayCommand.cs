using System.CommandLine;
using Gateway.Exchange;
using Gateway.Lab.Conversations;
using Gateway.Lab.Talking;
using Gateway.Playing;
using Gateway.Sending;
using Gateway.Server.Checking;

namespace Gateway.Commands;

/// <summary><c>gateway play</c>: plays conversation files, in memory against a whole gateway, or against a running server.</summary>
internal static class PlayCommand
{
    private const int DefaultPatience = 30;
    private const string UsualProfile = "standard";

    private static readonly Argument<string[]> Files = new("FILE")
    {
        Description = "A conversation file, or a folder: then all .smtp files in it and in its subfolders are played.",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = PlayArguments.Files,
    };

    private static readonly Option<SendArguments.Server?> To = new("--to")
    {
        Description = "Play against this server. The port is 25 unless given. [default: a gateway in memory, with the lab's DNS and smart host]",
        HelpName = "HOST[:PORT]",
        CustomParser = SendArguments.To,
    };

    private static readonly Option<ConnectMethod> Via = new("--via")
    {
        Description = "How the server of --to gets to know the @client address of a file: bind (connect from it; it must be an address of this machine), xclient,"
            + " proxy (PROXY header, version 2), proxy-v1, auto (bind if possible, else xclient), or plain (the server sees this machine). [default: auto]",
        HelpName = "WAY",
        CustomParser = PlayArguments.Via,
    };

    private static readonly Option<TimeSpan?> Patience = new("--patience")
    {
        Description = $"How many seconds to wait for each line that the file expects. [default: {DefaultPatience}]",
        HelpName = "SECONDS",
        CustomParser = SendArguments.Patience,
    };

    private static readonly Option<string> Profile = new("--profile")
    {
        Description = "The profile of the server of --to. Conversations for another profile are not played.",
        HelpName = "NAME",
        DefaultValueFactory = static _ => UsualProfile,
    };

    private static readonly Option<string?> As = ExchangeOption.Create();

    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON for other programs, one object on each line." };

    public static Command Create()
    {
        var command = new Command("play", "Play conversation files against a gateway, and show the first line that differs.") { Files, To, Via, Profile, Patience, As, Json };
        command.Validators.Add(static result =>
        {
            if (result.GetResult(Via) is { Implicit: false } && result.GetResult(To) is not { Implicit: false })
                result.AddError("--via needs --to: in memory, a client can have any address");
            if (result.GetResult(Profile) is { Implicit: false } && result.GetResult(To) is not { Implicit: false })
                result.AddError("--profile needs --to: in memory, each file names its own profile");
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var streams = parsed.InvocationConfiguration;
        try
        {
            // All files are read before the first is played, so that a mistake in the last file is reported at once.
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
            // The server cannot be reached, so the next file would fail too.
            if (await runner.PlayAsync(conversation, scene, cancellationToken) is null)
                return false;
        }
        return true;
    }
}
