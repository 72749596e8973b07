using Gateway.Dns;
using Gateway.Server.Configuration;

namespace Gateway.Lab.Dns;

/// <summary>The zones that the lab's DNS serves: the built-in ones and those of a folder.</summary>
/// <param name="Zones">The zones. If two have the same origin, the one in the folder is used.</param>
/// <param name="Faults">The faults of these zones.</param>
/// <param name="Mistakes">The mistakes in the folder's files, each with file and line.</param>
internal sealed record ZoneFiles(ZoneSet Zones, IReadOnlyList<FaultRule> Faults, IReadOnlyList<ConfigurationError> Mistakes)
{
    /// <param name="folder">A folder with zone files; null for the built-in zones only.</param>
    public static ZoneFiles Read(string? folder)
    {
        if (folder is null)
            return Beside(new(ZoneSet.Empty, [], []), []);
        try
        {
            var own = ZoneFolder.Read(folder);
            return Beside(own, [.. own.Errors.Select(error => new ConfigurationError($"{Path.Combine(folder, error.File)}:{error.Line}:", error.Reason))]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Beside(new(ZoneSet.Empty, [], []), [new(folder, $"cannot be read: {error.Message}")]);
        }
    }

    private static ZoneFiles Beside(ZoneFolder own, IReadOnlyList<ConfigurationError> mistakes)
    {
        var replaced = own.Zones.Zones.Select(zone => zone.Origin).ToHashSet();
        var builtIn = LabZones.Files.Where(file => file.Zone is { } zone && !replaced.Contains(zone.Origin)).ToList();
        return new(
            new([.. builtIn.Select(file => file.Zone!), .. own.Zones.Zones]),
            [.. builtIn.SelectMany(file => file.Faults), .. own.Faults],
            mistakes);
    }
}
