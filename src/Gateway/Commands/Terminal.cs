using Spectre.Console;

namespace Gateway.Commands;

/// <summary>Creates the console on which the commands print.</summary>
internal static class Terminal
{
    /// <summary>
    /// The console writes plain text to a file or a pipe, and if NO_COLOR (no-color.org) is set. With NO_COLOR, the library
    /// would only leave out colours, and still write other escape sequences.
    /// </summary>
    public static IAnsiConsole Create(TextWriter output) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(output),
        Ansi = Console.IsOutputRedirected || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 } ? AnsiSupport.No : AnsiSupport.Detect,
    });
}
