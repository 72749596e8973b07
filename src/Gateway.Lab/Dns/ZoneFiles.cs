using Gateway.Dns;
using Gateway.Server.Configuration;

namespace Gateway.Lab.Dns;

/// <summary>What the lab's DNS serves: the zones that the program carries, and those of a folder, which win.</summary>
/// <param name="Zones">Of two zones with the same origin, the folder's.</param>
/// <param name="Faults">Of these zones.</param>
/// <param name="Mistakes">What is wrong with the folder's files, each with file and line.</param>
internal sealed record ZoneFiles(ZoneSet Zones, IReadOnlyList<FaultRule> Faults, IReadOnlyList<ConfigurationError> Mistakes)
{
    /// <param name="folder">Null for the program's own only.</param>
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
