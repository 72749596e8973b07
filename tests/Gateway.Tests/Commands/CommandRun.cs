using Gateway.Commands;

namespace Gateway.Tests.Commands;

/// <summary>Runs a command in the test's own process, and gives what it wrote.</summary>
internal static class CommandRun
{
    public static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await GatewayCommand.RunAsync(arguments, output, error);
        return (code, output.ToString().ReplaceLineEndings("\n"), error.ToString().ReplaceLineEndings("\n"));
    }

    public static Task<(int Code, string Output, string Error)> PlayAsync(params string[] arguments) => RunAsync(["play", .. arguments]);
}
