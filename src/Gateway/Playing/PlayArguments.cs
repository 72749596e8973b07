using System.CommandLine.Parsing;
using Gateway.Lab.Talking;
using Gateway.Sending;

namespace Gateway.Playing;

/// <summary>Reads the values on the command line. The error for a wrong value says what to type instead.</summary>
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
                result.AddError($"\"{path}\" does not exist: type the path of a conversation file, or of a folder with such files");
        return [.. files];
    }

    private static string[] Below(string folder, ArgumentResult result)
    {
        string[] files = [.. Directory.EnumerateFiles(folder, Extension, SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        if (files.Length == 0)
            result.AddError($"the folder \"{folder}\" and its subfolders hold no {Extension} file");
        return files;
    }

    public static ConnectMethod Via(ArgumentResult result) => result.Tokens[0].Value == Plain ? ConnectMethod.Direct : SendArguments.Via(result);
}
