using System.Security.Cryptography;
using Gateway.Configuration;
using Gateway.Dns;
using Gateway.Policy;

namespace Gateway.Hosting;

/// <summary>Finds out at the start whether the resolver's answers can be trusted, and says so if not. Nothing waits for it.</summary>
internal sealed class ResolverWatch(GatewayOptions options, IDnsResolver resolver, ILogger logger) : BackgroundService
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var profiles = options.Listeners.SelectMany(static listener => (listener.RecipientProfiles?.Profiles ?? []).Prepend(listener.Profile));
        var lists = ResolverProbe.ListsOf(profiles, new() { Lists = options.Policy.ExemptLists });
        var probe = new ResolverProbe(resolver, lists, RandomNumberGenerator.GetString(Letters, 20));
        var troubles = await probe.AskAsync(stoppingToken);
        if (troubles.Count > 0)
            ResolverLog.Untrustworthy(logger, string.Join("; ", troubles));
    }
}
