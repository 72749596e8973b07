namespace Gateway.Server.Web;

/// <summary>Something that has to answer so that mail flows.</summary>
/// <param name="Name">For people.</param>
/// <param name="CheckAsync">Says why it is not ready; null when it is.</param>
public sealed record Dependency(string Name, Func<Task<string?>> CheckAsync);
