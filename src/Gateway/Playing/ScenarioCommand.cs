using System.CommandLine;
using Gateway.Commands;
using Gateway.Lab.Conversations;
using Gateway.Lab.Scenarios;
using Gateway.Server.Checking;

namespace Gateway.Playing;

/// <summary><c>gateway lab --scenario NAME</c>: a walk through a known article, in memory.</summary>
internal static class ScenarioCommand
{
    public static readonly Option<string?> Scenario = new("--scenario")
    {
        Description = $"Walks through the rows of an article in place of opening the lab: {string.Join(" or ", ScenarioFolder.Names)}.",
        HelpName = "NAME",
    };

    static ScenarioCommand() => Scenario.Validators.Add(static result =>
    {
        if (result.Tokens is [var token] && !ScenarioFolder.Names.Contains(token.Value))
            result.AddError($"there is no scenario \"{token.Value}\"; there is {string.Join(" and ", ScenarioFolder.Names)}");
    });

    public static async Task<int> RunAsync(string name, InvocationConfiguration streams, CancellationToken cancellationToken)
    {
        try
        {
            return await new ScenarioTour(Terminal.Create(streams.Output), Reader(streams.Output)).RunAsync(name, cancellationToken);
        }
        catch (ConversationFormatException mistakes)
        {
            foreach (var problem in mistakes.Problems)
                await streams.Error.WriteLineAsync($"gateway: {problem}");
            return ExitCode.No;
        }
    }

    // Only a person at a terminal is waited for.
    private static Func<CancellationToken, Task<bool>>? Reader(TextWriter output) =>
        ReferenceEquals(output, Console.Out) && !Console.IsInputRedirected && !Console.IsOutputRedirected ? ReadAsync : null;

    private static async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        // The console's reader blocks, and knows no cancellation.
        var answer = await Task.Run(Console.ReadLine, cancellationToken).WaitAsync(cancellationToken);
        return answer is not null && !answer.Trim().StartsWith("q", StringComparison.OrdinalIgnoreCase);
    }
}
