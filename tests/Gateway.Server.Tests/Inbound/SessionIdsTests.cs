using Gateway.Server.Inbound;

namespace Gateway.Server.Tests.Inbound;

public sealed class SessionIdsTests
{
    [Fact]
    public void Ids_are_unique_short_and_readable()
    {
        var ids = new SessionIds(TimeProvider.System, 12345);
        var all = Enumerable.Range(0, 10_000).Select(_ => ids.Next()).ToList();
        Assert.Equal(all.Count, all.Distinct().Count());
        Assert.All(all, id => Assert.Matches("^[0-9A-HJKMNP-TV-Z]{13}$", id));
    }
}
