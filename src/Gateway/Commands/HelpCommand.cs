using System.CommandLine;
using Gateway.Server.Checking;

namespace Gateway.Commands;

/// <summary><c>gateway help [COMMAND]</c>: the same as <c>gateway COMMAND --help</c>.</summary>
internal static class HelpCommand
{
    public static Command Create()
    {
        var words = new Argument<string[]>("COMMAND") { Description = "The command whose help is shown, for example \"config check\".", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("help", "Show the help of a command.") { words };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, parsed.GetValue(words) ?? [], cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, string[] words, CancellationToken cancellationToken)
    {
        Command named = parsed.RootCommandResult.Command;
        foreach (var word in words)
        {
            if (named.Subcommands.FirstOrDefault(command => command.Name == word) is not { } next)
                return await UnknownAsync(parsed.InvocationConfiguration.Error, named, word);
            named = next;
        }
        return await parsed.RootCommandResult.Command.Parse([.. words, "--help"]).InvokeAsync(parsed.InvocationConfiguration, cancellationToken);
    }

    private static async Task<int> UnknownAsync(TextWriter error, Command parent, string word)
    {
        var path = Examples.PathOf(parent);
        await error.WriteLineAsync($"gateway: \"{word}\" is not a command of \"{path}\".");
        await error.WriteLineAsync(parent.Subcommands.Count > 0
            ? $"The commands of \"{path}\" are: {string.Join(", ", parent.Subcommands.Select(static command => command.Name))}."
            : $"Type \"{path} --help\" for more.");
        return ExitCode.WrongUse;
    }
}
