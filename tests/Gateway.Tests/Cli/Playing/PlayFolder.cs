using Gateway.Cli;

namespace Gateway.Tests.Cli.Playing;

/// <summary>Conversation files for one test, and the command that plays them.</summary>
internal sealed class PlayFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gateway-test-");

    public string Path => _folder.FullName;

    public string Write(string name, string text)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Commands.RunAsync(arguments, output, error);
        return (code, output.ToString().ReplaceLineEndings("\n"), error.ToString().ReplaceLineEndings("\n"));
    }

    public static Task<(int Code, string Output, string Error)> PlayAsync(params string[] arguments) => RunAsync(["play", .. arguments]);

    public void Dispose() => _folder.Delete(recursive: true);
}
