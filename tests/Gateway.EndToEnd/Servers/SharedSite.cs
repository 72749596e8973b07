namespace Gateway.EndToEnd;

/// <summary>
/// One site for all tests of a class that do not disturb each other. It starts with the first test that asks for it, so that
/// this test can be skipped where the servers are missing.
/// </summary>
public abstract class SharedSite : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private Site? _site;

    internal async Task<Site> SiteAsync()
    {
        await _turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return _site ??= await StartAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_site is not null)
            await _site.DisposeAsync();
        _turn.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected abstract Task<Site> StartAsync();
}
