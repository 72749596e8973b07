using System.Reflection;
using Gateway.Dns;

namespace Gateway.Lab.Dns;

/// <summary>
/// The zones of the lab, from config/lab/zones. They are built into the program, and do not exist in the real DNS.
/// </summary>
public static class LabZones
{
    private const string Prefix = "zones/";

    /// <summary>The names of the zone files, without extension.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(ZoneFolder.Extension, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..^ZoneFolder.Extension.Length])
            .Order(StringComparer.Ordinal),
    ];

    private static readonly Lazy<IReadOnlyList<MasterFile>> All = new(() => [.. Names.Select(Read)]);

    /// <summary>What is wrong with any of them.</summary>
    public static IEnumerable<MasterFileError> Errors => All.Value.SelectMany(file => file.Errors);

    /// <summary>The content of each zone file.</summary>
    internal static IReadOnlyList<MasterFile> Files => All.Value;

    /// <param name="only">The zone files to load, without extension; an empty list loads all.</param>
    /// <exception cref="ArgumentException">There is no such zone.</exception>
    public static (ZoneSet Zones, FaultTable Faults) Load(IReadOnlyList<string> only)
    {
        if (only.FirstOrDefault(name => !Names.Contains(name)) is { } unknown)
            throw new ArgumentException($"The lab has no zone {unknown}; it has {string.Join(", ", Names)}", nameof(only));
        var files = All.Value.Where((_, at) => only.Count == 0 || only.Contains(Names[at])).ToList();
        return (new(files.Select(file => file.Zone).OfType<Zone>()), new(files.SelectMany(file => file.Faults)));
    }

    private static MasterFile Read(string name)
    {
        _ = DomainName.TryParse(name, out var origin);
        return MasterFile.Read(Text(name + ZoneFolder.Extension)!, name + ZoneFolder.Extension, origin, Text);
    }

    private static string? Text(string file)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Prefix + file);
        if (stream is null)
            return null;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
