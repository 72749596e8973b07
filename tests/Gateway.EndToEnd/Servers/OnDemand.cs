namespace Gateway.EndToEnd;

/// <summary>
/// A server for all tests of a class. It starts with the first test that asks for it, so that this test can be skipped where it
/// cannot be had.
/// </summary>
internal sealed class OnDemand<T>(Func<Task<T>> startAsync) : IAsyncDisposable
    where T : class, IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private T? _server;

    public async Task<T> GetAsync()
    {
        await _turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return _server ??= await startAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _turn.Dispose();
    }
}
