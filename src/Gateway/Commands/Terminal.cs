using Spectre.Console;

namespace Gateway.Commands;

/// <summary>Where the commands print.</summary>
internal static class Terminal
{
    /// <summary>
    /// Plain text when the output is a file or a pipe, and where NO_COLOR (no-color.org) is set: there the library would leave out
    /// colours only, and still write other escapes.
    /// </summary>
    public static IAnsiConsole Create(TextWriter output) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(output),
        Ansi = Console.IsOutputRedirected || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 } ? AnsiSupport.No : AnsiSupport.Detect,
    });
}
