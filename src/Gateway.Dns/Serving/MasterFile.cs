namespace Gateway.Dns;

/// <summary>
/// What a zone file says (RFC 1035 §5, RFC 2308 §4), and everything that is wrong with it. The faults stand in comments
/// that other servers ignore: <c>;@fault NAME [TYPE] servfail|refuse|nxdomain|drop|truncate|malformed|wrong-id|lame|delay 500ms</c>.
/// </summary>
/// <param name="Zone">The zone; null when there is any error.</param>
/// <param name="Faults">How its names misbehave.</param>
/// <param name="Errors">All errors, in the order of the lines.</param>
public sealed record MasterFile(Zone? Zone, IReadOnlyList<FaultRule> Faults, IReadOnlyList<MasterFileError> Errors)
{
    /// <summary>Reads a whole file.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="file">What errors call it.</param>
    /// <param name="origin">What relative names are relative to before the first $ORIGIN; without it they are errors.</param>
    /// <param name="include">Gives the text of a file that $INCLUDE names, null when there is none.</param>
    public static MasterFile Read(string text, string file = "zone", DomainName? origin = null, Func<string, string?>? include = null)
    {
        var reader = new MasterFileReader(origin, include);
        reader.Read(file, text, depth: 0);
        var zone = ZoneBuilder.Build(reader, file);
        return new(reader.Errors.Count == 0 ? zone : null, [.. reader.Faults.Select(static placed => placed.Content)], reader.Errors);
    }
}
