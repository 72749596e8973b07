namespace Gateway.EndToEnd;

/// <summary>One site for all tests of a class that do not disturb each other.</summary>
public abstract class SharedSite : IAsyncDisposable
{
    private readonly OnDemand<Site> _site;

    protected SharedSite() => _site = new(StartAsync);

    internal Task<Site> SiteAsync() => _site.GetAsync();

    public virtual async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected abstract Task<Site> StartAsync();
}
