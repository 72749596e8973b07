using Gateway.Policy;

namespace Gateway.Server.Configuration;

/// <summary>Reads where mail comes in, and the profiles that may be named there.</summary>
internal static class ListenerOptionsReader
{
    private const string DefaultProfile = "standard";

    private static readonly IConfiguration Default =
        new ConfigurationBuilder().AddInMemoryCollection([new("Listeners:0:Endpoint", "0.0.0.0:25")]).Build();

    public static IReadOnlyList<ListenerOptions> Read(SectionReader root, List<ConfigurationError> errors)
    {
        var sections = root.Sections("Listeners", Default);
        var library = ProfileLibrary.Load(root.Section("Policy").Text("ProfilesFolder"));
        errors.AddRange(library.Errors);
        var listeners = new List<ListenerOptions>();
        foreach (var listener in sections)
        {
            var endpoint = listener.Endpoint("Endpoint");
            var name = listener.Text("Profile", DefaultProfile);
            var profile = library.Find(name);
            if (profile is null)
                listener.Fail("Profile", $"is \"{name}\", but no profile has this name{Suggestion.For(name, library.Names)}; \"gateway profiles\" lists all");
            var refuseAt = listener.OptionalChoice<Stage>("RefuseAt");
            var byRecipient = RecipientProfiles(listener, library);
            var isProxied = listener.Flag("ProxyProtocol", false);
            var hostName = HostName(listener);
            var requireAuthentication = listener.Flag("RequireAuthentication", false);
            listener.RefuseOthers();
            if (endpoint is not null && profile is not null)
                listeners.Add(new(endpoint, profile, refuseAt)
                {
                    HostName = hostName,
                    ProxyProtocol = isProxied,
                    RecipientProfiles = byRecipient,
                    RequireAuthentication = requireAuthentication,
                });
        }
        return listeners;
    }

    private static string? HostName(SectionReader listener)
    {
        if (listener.Text("HostName") is not { } text)
            return null;
        if (Allowed.ParseHostName(text) is { } host)
            return host;
        listener.Fail("HostName", text, Allowed.HostName);
        return null;
    }

    private static RecipientProfileOptions? RecipientProfiles(SectionReader listener, ProfileLibrary library)
    {
        const string key = "RecipientProfiles";
        if (listener.Text(key) is not { } text)
            return null;
        if (!text.StartsWith('.') && Allowed.ParseDomain(text) is { } domain)
            return new(domain, [.. library.Profiles]);
        listener.Fail(key, text, "a domain such as strict.test; the profile NAME then judges mail to NAME.strict.test");
        return null;
    }
}
