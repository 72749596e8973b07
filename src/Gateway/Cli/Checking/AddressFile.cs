using System.Net;

namespace Gateway.Cli.Checking;

/// <summary>Many addresses, one in each line; # begins a comment.</summary>
internal static class AddressFile
{
    /// <summary>Enough for the servers of a large organisation; a scan of networks is another tool's business.</summary>
    public const int MaxAddresses = 10_000;

    private const int MaxMistakes = 10;

    public static (IReadOnlyList<IPAddress> Addresses, IReadOnlyList<string> Mistakes) Read(string path)
    {
        try
        {
            return Read(path, File.ReadLines(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return ([], [$"--file: {error.Message}"]);
        }
    }

    private static (IReadOnlyList<IPAddress> Addresses, IReadOnlyList<string> Mistakes) Read(string path, IEnumerable<string> lines)
    {
        var addresses = new List<IPAddress>();
        var mistakes = new List<string>();
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            var comment = line.IndexOf('#', StringComparison.Ordinal);
            var text = (comment < 0 ? line : line[..comment]).Trim();
            if (text.Length == 0)
                continue;
            if (CheckArguments.Address(text, out var problem) is { } address)
                addresses.Add(address);
            else
                mistakes.Add($"{path}:{number}: {problem}");
            if (addresses.Count > MaxAddresses)
                mistakes.Add($"{path}:{number}: more than {MaxAddresses} addresses; part the file");
            if (addresses.Count > MaxAddresses || mistakes.Count == MaxMistakes)
                break;
        }
        if (addresses.Count == 0 && mistakes.Count == 0)
            mistakes.Add($"{path}: there is no address in it; write one in each line");
        return (addresses, mistakes);
    }
}
