using System.CommandLine.Parsing;
using Gateway.Lab.Talking;
using Gateway.Sending;

namespace Gateway.Playing;

/// <summary>Reads what was typed; a mistake says what to type instead.</summary>
internal static class PlayArguments
{
    private const string Extension = "*.smtp";
    private const string Plain = "plain";

    public static string[] Files(ArgumentResult result)
    {
        var files = new List<string>();
        foreach (var path in result.Tokens.Select(static token => token.Value))
            if (Directory.Exists(path))
                files.AddRange(Below(path, result));
            else if (File.Exists(path))
                files.Add(path);
            else
                result.AddError($"there is no file or folder \"{path}\"");
        return [.. files];
    }

    private static string[] Below(string folder, ArgumentResult result)
    {
        string[] files = [.. Directory.EnumerateFiles(folder, Extension, SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        if (files.Length == 0)
            result.AddError($"there is no {Extension} file in \"{folder}\" or below");
        return files;
    }

    public static ConnectMethod Via(ArgumentResult result) => result.Tokens[0].Value == Plain ? ConnectMethod.Direct : SendArguments.Via(result);
}
