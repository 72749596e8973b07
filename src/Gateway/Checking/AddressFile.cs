using Gateway.Server.Checking;

namespace Gateway.Checking;

/// <summary>Reads a file of addresses and host names, one on each line. # begins a comment.</summary>
internal static class AddressFile
{
    /// <summary>Enough for the servers of a large organisation. The command is not meant for scanning networks.</summary>
    public const int MaxAddresses = 10_000;

    private const int MaxMistakes = 10;

    public static (IReadOnlyList<CheckSubject> Subjects, IReadOnlyList<string> Mistakes) Read(string path)
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

    private static (IReadOnlyList<CheckSubject> Subjects, IReadOnlyList<string> Mistakes) Read(string path, IEnumerable<string> lines)
    {
        var subjects = new List<CheckSubject>();
        var mistakes = new List<string>();
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            var comment = line.IndexOf('#', StringComparison.Ordinal);
            var text = (comment < 0 ? line : line[..comment]).Trim();
            if (text.Length == 0)
                continue;
            if (CheckArguments.Subject(text, out var problem) is { } subject)
                subjects.Add(subject);
            else
                mistakes.Add($"{path}:{number}: {problem}");
            if (subjects.Count > MaxAddresses)
                mistakes.Add($"{path}:{number}: the file has more than {MaxAddresses} addresses; split it into several files");
            if (subjects.Count > MaxAddresses || mistakes.Count == MaxMistakes)
                break;
        }
        if (subjects.Count == 0 && mistakes.Count == 0)
            mistakes.Add($"{path}: the file holds no address; write one on each line");
        return (subjects, mistakes);
    }
}
