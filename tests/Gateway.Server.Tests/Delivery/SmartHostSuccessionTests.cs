using Gateway.Lab.Conversations;
using Gateway.Server.Configuration;
using Gateway.Server.Delivery;
using Gateway.Smtp;
using Gateway.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Server.Tests.Delivery;

/// <summary>What of a smart host outlives the configuration that named it.</summary>
public sealed class SmartHostSuccessionTests
{
    [Fact]
    public async Task The_circuit_breaker_goes_on_where_connections_are_made_in_the_same_way_and_begins_anew_where_not()
    {
        var time = new StagedTime(new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
        await using var server = new ScriptedSmartHost { Answers = static (_, asked) => asked == "greeting" ? "421 4.3.2 down" : null };
        await using var host = Deliveries.To(server.Endpoint, time);
        for (var i = 0; i < 5; i++)
            await host.SendAsync();
        Assert.Equal(5, server.Connections);

        await using var wider = Succeed(host, host.Options with { MaxConnections = 50, Domains = ["gateway.test"] }, time);
        Assert.Equal("it failed just now, so the gateway does not try again for a few seconds", (await wider.SendAsync()).Note);
        Assert.Equal(5, server.Connections);

        await using var other = Succeed(wider, host.Options with { ConnectTimeout = TimeSpan.FromSeconds(1) }, time);
        await other.SendAsync();
        Assert.Equal(6, server.Connections);
    }

    [Fact]
    public async Task Connections_made_with_another_login_are_not_used()
    {
        await using var server = new ScriptedSmartHost();
        await using var host = Deliveries.To(server.Endpoint, TimeProvider.System);
        await using var same = Succeed(host, host.Options with { Domains = ["gateway.test"] }, TimeProvider.System);
        await using var other = Succeed(host, host.Options with { UserName = "gw", Password = "hush" }, TimeProvider.System);
        Assert.True(same.SharesConnectionsWith(host));
        Assert.False(other.SharesConnectionsWith(host));
    }

    [Fact]
    public async Task Connections_whose_certificate_was_verified_in_another_way_are_not_used()
    {
        Assert.True(PublicKeyPin.TryParse(Convert.ToBase64String(new byte[32]), out var pin));
        await using var server = new ScriptedSmartHost();
        await using var host = Deliveries.To(server.Endpoint, TimeProvider.System);
        await using var pinned = Succeed(host, host.Options with { Tls = TlsUse.Required, PinnedKeys = [pin] }, TimeProvider.System);
        await using var same = Succeed(pinned, pinned.Options with { PinnedKeys = [pin], Domains = ["gateway.test"] }, TimeProvider.System);
        await using var other = Succeed(pinned, pinned.Options with { PinnedKeys = [] }, TimeProvider.System);
        Assert.False(pinned.SharesConnectionsWith(host));
        Assert.True(same.SharesConnectionsWith(pinned));
        Assert.False(other.SharesConnectionsWith(pinned));
    }

    private static SmartHost Succeed(SmartHost before, SmartHostOptions options, TimeProvider time) => new(
        options, new(DeliveryMode.Inline, WhenDown.Defer, TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(570)), before.HeloName, new Deliveries.NoDns(), time,
        new(options, 0, static () => NullLogger.Instance, time, before.Episodes), before);
}
