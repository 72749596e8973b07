namespace Gateway.Dns;

/// <summary>All zones of a folder, with their faults, and everything that is wrong with any of them.</summary>
public sealed record ZoneFolder(ZoneSet Zones, IReadOnlyList<FaultRule> Faults, IReadOnlyList<MasterFileError> Errors)
{
    public const string Extension = ".zone";

    /// <summary>
    /// Reads each <c>*.zone</c> file. Its name is its first origin, as servers that are told zone and file take it; $INCLUDE
    /// reaches files of the same folder only.
    /// </summary>
    public static ZoneFolder Read(string folder)
    {
        var files = Directory.GetFiles(folder, "*" + Extension).Order(StringComparer.Ordinal)
            .Select(path => ReadFile(path, folder)).ToList();
        return new(
            new(files.Select(static file => file.Zone).OfType<Zone>()),
            [.. files.SelectMany(static file => file.Faults)],
            [.. files.SelectMany(static file => file.Errors)]);
    }

    /// <summary>Reads one zone file; $INCLUDE reaches files of <paramref name="folder"/> only.</summary>
    public static MasterFile ReadFile(string path, string folder)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        _ = DomainName.TryParse(name, out var origin);
        return MasterFile.Read(File.ReadAllText(path), Path.GetFileName(path), origin, file => Include(folder, file));
    }

    // A zone file may come from elsewhere: it must not be able to read the machine's other files.
    private static string? Include(string folder, string file)
    {
        var path = Path.Combine(folder, file);
        return Path.GetFileName(file) == file && File.Exists(path) ? File.ReadAllText(path) : null;
    }
}
