namespace Gateway.Server.Configuration;

/// <summary>Reads the section <c>Web</c>, also under its old name.</summary>
internal static class WebOptionsReader
{
    public const string OldName = "Dashboard";

    private const string Name = "Web";

    public static WebOptions? Read(SectionReader root, List<ConfigurationError> errors, List<ConfigurationWarning> warnings)
    {
        var (isNew, isOld) = (root.Has(Name), root.HasRetired(OldName));
        if (isNew && isOld)
            errors.Add(new(OldName, $"is the old name of the section {Name}, and both are given: delete {OldName}"));
        else if (isOld)
            warnings.Add(new(OldName, $"is the old name of the section {Name}: rename it"));
        return isNew ? Read(root.Section(Name)) : isOld ? Read(root.Section(OldName, Name)) : null;
    }

    private static WebOptions? Read(SectionReader web)
    {
        var endpoint = web.Endpoint("Endpoint", "127.0.0.1:8025");
        web.RefuseOthers();
        return endpoint is null ? null : new(endpoint);
    }
}
