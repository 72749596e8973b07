using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using Gateway.Configuration;

namespace Gateway.Cli.Playing;

/// <summary>Reads what was typed; a mistake says what to type instead.</summary>
internal static class PlayArguments
{
    private const string Extension = "*.smtp";

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

    public static DnsEndPoint? Server(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (Allowed.ParseEndpoint(text) is { Port: > 0 } endpoint)
            return new(endpoint.Address.ToString(), endpoint.Port);
        var colon = text.LastIndexOf(':');
        if (colon > 0 && Allowed.ParseHost(text[..colon]) is { } host
            && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0)
            return new(host, port);
        result.AddError($"--to wants a server with its port, such as 127.0.0.1:2525 or mail.example.com:25, not \"{text}\"");
        return null;
    }

    public static TimeSpan Seconds(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 3600)
            return TimeSpan.FromSeconds(seconds);
        result.AddError($"--patience wants seconds, from 0.1 to 3600, not \"{text}\"");
        return default;
    }
}
