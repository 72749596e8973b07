using Gateway.Server.Inbound;

namespace Gateway.Server.Tests.Inbound;

public sealed class ClaimedClientTests
{
    [Fact]
    public void Questions_about_a_client_end_when_another_is_named_or_the_connection_is_gone()
    {
        using var ended = new CancellationTokenSource();
        var claimed = new ClaimedClient();
        var first = claimed.Ask(ended.Token);
        Assert.False(first.IsCancellationRequested);
        var second = claimed.Ask(ended.Token);
        Assert.True(first.IsCancellationRequested);
        Assert.False(second.IsCancellationRequested);
        ended.Cancel();
        Assert.True(second.IsCancellationRequested);
    }

    [Fact]
    public void Naming_one_client_after_the_other_leaves_nothing_behind_with_the_connection()
    {
        using var ended = new CancellationTokenSource();
        var claimed = new ClaimedClient();
        var first = claimed.Ask(ended.Token).WaitHandle;

        claimed.Ask(ended.Token);

        // The handle is closed when its source is disposed, and with it goes the registration.
        Assert.Throws<ObjectDisposedException>(() => first.WaitOne(TimeSpan.Zero));
    }
}
