using Gateway.Inbound;

namespace Gateway.Tests.Inbound;

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
}
