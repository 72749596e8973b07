using System.CommandLine;
using Gateway.Commands;
using Gateway.Lab.Conversations;
using Gateway.Lab.Scenarios;
using Gateway.Server.Checking;

namespace Gateway.Playing;

/// <summary><c>gateway lab --scenario NAME</c>: plays the rejections of an article, in memory.</summary>
internal static class ScenarioCommand
{
    public static readonly Option<string?> Scenario = new("--scenario")
    {
        Description = $"Play the rejections that an article describes, one by one, and do not start the lab. NAME is {string.Join(" or ", ScenarioFolder.Names)}.",
        HelpName = "NAME",
    };

    static ScenarioCommand() => Scenario.Validators.Add(static result =>
    {
        if (result.Tokens is [var token] && !ScenarioFolder.Names.Contains(token.Value))
            result.AddError($"no scenario is called \"{token.Value}\": type --scenario {string.Join(" or --scenario ", ScenarioFolder.Names)}");
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

    // Only on a terminal does the command wait for the reader.
    private static Func<CancellationToken, Task<bool>>? Reader(TextWriter output) =>
        ReferenceEquals(output, Console.Out) && !Console.IsInputRedirected && !Console.IsOutputRedirected ? ReadAsync : null;

    private static async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        // Console.ReadLine blocks and cannot be cancelled.
        var answer = await Task.Run(Console.ReadLine, cancellationToken).WaitAsync(cancellationToken);
        return answer is not null && !answer.Trim().StartsWith("q", StringComparison.OrdinalIgnoreCase);
    }
}
