namespace Gateway.Dns;

/// <summary>Judges the records of a file as a zone (RFC 1034 §4.2, RFC 2181 §5, §6, §10) and builds it.</summary>
internal static class ZoneBuilder
{
    // RFC 4035 §2.5: signatures stand beside an alias, nothing else does.
    private const RecordType Rrsig = (RecordType)46;
    private const RecordType Nsec = (RecordType)47;

    public static Zone? Build(MasterFileReader read, string file)
    {
        var errors = read.Errors;
        var authorities = read.Records.Where(static placed => placed.Content is SoaRecord).ToList();
        if (authorities.Count == 0)
        {
            if (!read.HasSeenAuthority)
                errors.Add(new(file, 1, "the file has no SOA record, so it is not a zone (RFC 1035 §5.2)"));
            return null;
        }
        var authority = (SoaRecord)authorities[0].Content;
        errors.AddRange(authorities.Skip(1).Select(static placed => At(placed, "this is a second SOA record: a zone has only one, at its origin")));
        errors.AddRange(Outside(read, authority.Owner));
        foreach (var name in read.Records.GroupBy(static placed => placed.Content.Owner))
            errors.AddRange(Clashes([.. name]));
        var ordered = errors.GroupBy(static error => error.File)
            .SelectMany(static file => file.OrderBy(static error => error.Line)).ToList();
        errors.Clear();
        errors.AddRange(ordered);
        return errors.Count > 0 ? null : new(authority, read.Records.Select(static placed => placed.Content));
    }

    private static MasterFileError At<T>(Placed<T> placed, string reason) => new(placed.File, placed.Line, reason);

    private static IEnumerable<MasterFileError> Outside(MasterFileReader read, DomainName origin)
    {
        foreach (var placed in read.Records)
        {
            if (!placed.Content.Owner.IsAtOrBelow(origin))
                yield return At(placed, $"{placed.Content.Owner} does not belong to the zone {origin}");
            if (placed.Content is NsRecord && placed.Content.Owner.Wire is [1, (byte)'*', ..])
                yield return At(placed, "a wildcard name cannot have NS records (RFC 4592 §4.2)");
        }
        foreach (var placed in read.Faults)
            if (!placed.Content.Name.IsAtOrBelow(origin))
                yield return At(placed, $"the fault of {placed.Content.Name} does not belong to the zone {origin}");
    }

    // RFC 1034 §3.6.2, RFC 2181 §10.1: an alias is all that there is at its name.
    private static IEnumerable<MasterFileError> Clashes(List<Placed<ResourceRecord>> name)
    {
        var alias = name.FindIndex(static placed => placed.Content is CnameRecord);
        if (alias < 0)
            yield break;
        var other = name.FindIndex(static placed => placed.Content is not CnameRecord && placed.Content.Type is not (Rrsig or Nsec));
        if (other >= 0)
            yield return At(name[Math.Max(alias, other)], $"{name[alias].Content.Owner} has a CNAME and other records: the DNS allows no other record beside a CNAME");
        var others = name.Skip(alias + 1).Where(placed => placed.Content is CnameRecord && placed.Content != name[alias].Content);
        foreach (var second in others)
            yield return At(second, $"{second.Content.Owner} has a second CNAME");
    }
}
