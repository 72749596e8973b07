namespace Gateway.Server.Web;

/// <summary>
/// Looks whether all that mail depends on is ready. However often it is asked, it looks once in a while, at each dependency once at a time, and
/// answers in bounded time. Safe for concurrent use.
/// </summary>
/// <param name="dependencies">Those of the configuration in force.</param>
/// <param name="time">The clock.</param>
internal sealed class Readiness(Func<IReadOnlyList<Dependency>> dependencies, TimeProvider time)
{
    /// <summary>How long a dependency is waited for; what it says later counts the next time.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>How long an answer holds.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task<string?>> _underWay = [];
    private Task<IReadOnlyList<Finding>>? _latest;
    private long _since;

    /// <summary>How one dependency is.</summary>
    /// <param name="Name">Which.</param>
    /// <param name="Trouble">Why it is not ready; null when it is.</param>
    public sealed record Finding(string Name, string? Trouble);

    public Task<IReadOnlyList<Finding>> LookAsync()
    {
        lock (_gate)
        {
            if (_latest is null || (_latest.IsCompleted && time.GetElapsedTime(_since) >= Lifetime))
                (_latest, _since) = (LookAtAllAsync(Begin()), time.GetTimestamp());
            return _latest;
        }
    }

    private List<(string Name, Task<string?> Check)> Begin()
    {
        var all = dependencies().DistinctBy(static dependency => dependency.Name).ToList();
        foreach (var name in _underWay.Where(static check => check.Value.IsCompleted).Select(static check => check.Key).ToList())
            _underWay.Remove(name);
        var checks = new List<(string, Task<string?>)>();
        foreach (var dependency in all)
        {
            if (!_underWay.TryGetValue(dependency.Name, out var check))
                _underWay[dependency.Name] = check = Task.Run(dependency.CheckAsync);
            checks.Add((dependency.Name, check));
        }
        return checks;
    }

    private async Task<IReadOnlyList<Finding>> LookAtAllAsync(List<(string Name, Task<string?> Check)> checks) =>
        await Task.WhenAll(checks.Select(check => LookAtAsync(check.Name, check.Check)));

    private async Task<Finding> LookAtAsync(string name, Task<string?> check)
    {
        try
        {
            return new(name, await check.WaitAsync(Patience, time));
        }
        catch (TimeoutException)
        {
            return new(name, $"no answer within {Patience.TotalSeconds:0} s");
        }
    }
}
