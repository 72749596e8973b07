using System.Text.Json;
using Gateway.Dns;
using Gateway.Policy.Facts;

namespace Gateway.Server.Checking;

/// <summary>The block lists that come with the program (config/blocklists.json).</summary>
internal static class PublicLists
{
    private const string Resource = "blocklists.json";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private static readonly Lazy<IReadOnlyList<PublicList>> Lists = new(Read);

    public static IReadOnlyList<PublicList> BuiltIn => Lists.Value;

    /// <summary>A list of which nothing is known but its zone.</summary>
    public static PublicList Of(DomainName zone) =>
        BuiltIn.FirstOrDefault(list => list.Zone == zone) ?? new(zone, zone.ToString(), null, null, HasIPv6: true);

    private static List<PublicList> Read()
    {
        using var stream = typeof(PublicLists).Assembly.GetManifestResourceStream(Resource)!;
        return [.. JsonSerializer.Deserialize<Entry[]>(stream, Options)!.Select(static entry =>
            new PublicList(DomainName.Parse(entry.Zone), entry.Name, entry.About, entry.Removal, entry.IPv6))];
    }

    private sealed record Entry(string Zone, string Name, string? About, string? Removal, bool IPv6 = false);
}
