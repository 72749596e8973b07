namespace Gateway.EndToEnd;

/// <summary>Waits for a condition, never for a time: the limit is only for what will not come at all.</summary>
internal static class Poll
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    public static Task UntilAsync(string what, Func<bool> condition) =>
        UntilAsync(what, () => Task.FromResult(condition()));

    public static async Task UntilAsync(string what, Func<Task<bool>> condition, Func<string>? explain = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Limit)
                Assert.Fail($"waited {Limit.TotalSeconds} s in vain: {what}\n{explain?.Invoke()}");
            await Task.Delay(Step, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The server once it is ready; one that does not become ready is not left running.</summary>
    public static async Task<T> ReadyAsync<T>(T server, Func<Task> ready)
        where T : IAsyncDisposable
    {
        try
        {
            await ready();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }
}
