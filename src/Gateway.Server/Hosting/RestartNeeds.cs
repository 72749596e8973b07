using Gateway.Server.Configuration;

namespace Gateway.Server.Hosting;

/// <summary>What a reload cannot change: what was opened at the start.</summary>
internal static class RestartNeeds
{
    /// <param name="started">With what the gateway was started.</param>
    /// <param name="wanted">What the configuration says now.</param>
    /// <returns>A sentence each, without its full stop.</returns>
    public static IEnumerable<string> Of(GatewayOptions started, GatewayOptions wanted)
    {
        var (bound, named) = (started.Listeners.Select(static listener => listener.Endpoint).ToList(), wanted.Listeners.Select(static listener => listener.Endpoint).ToList());
        foreach (var endpoint in named.Except(bound))
            yield return $"Listeners: {endpoint} is new";
        foreach (var endpoint in bound.Except(named))
            yield return $"Listeners: {endpoint} is gone, and listens as before until then";
        // Port 0, any free port, may stand there several times.
        if (named.Count != bound.Count && !named.Except(bound).Any() && !bound.Except(named).Any())
            yield return $"Listeners: there were {bound.Count}, and are {named.Count}";
        if (started.Web != wanted.Web)
            yield return $"Web.Endpoint: {Text(started.Web?.Endpoint)} became {Text(wanted.Web?.Endpoint)}";
        if (started.Journal?.File != wanted.Journal?.File)
            yield return $"Journal.File: {Text(started.Journal?.File)} became {Text(wanted.Journal?.File)}";
        if (started.Log != wanted.Log)
            yield return "Log has changed";
    }

    private static string Text(object? value) => value?.ToString() ?? "none";
}
